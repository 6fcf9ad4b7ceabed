import { bytes } from '../../../src/domain/shared/bytes.ts';
import { ONE } from '../../support/fixtures/depot-fixture.ts';
import { ImportFixture, IMPORTED } from '../../support/fixtures/import-fixture.ts';
import { reap, startUploadReplica } from '../../support/program/upload-replica.ts';
import { gate } from '../../support/waiting/gate.ts';
import { until } from '../../support/waiting/until.ts';

describe('RunImports', () => {
  let fixture: ImportFixture;
  beforeEach(async () => (fixture = await ImportFixture.open()));
  afterEach(async () => fixture.close());

  it('charges the length before it fetches a byte', async () => {
    await fixture.depot.setQuota(fixture.depot.group.id, bytes(IMPORTED.length - 1));
    await fixture.order();
    await fixture.run();
    expect(fixture.source.sent).toBe(0);
    await fixture.expectFailure('quota-exceeded', expect.objectContaining({ needed: IMPORTED.length }) as object);
  });

  it('checks the rights of its user again when it begins', async () => {
    await fixture.order();
    const grant = { user: fixture.ann.id, group: fixture.depot.group.id, permission: 'velocity.media.create' } as const;
    await fixture.depot.work.run(async (tx) => tx.grants.revoke(grant));
    await fixture.run();
    expect(fixture.source.requests).toEqual([]);
    await fixture.expectFailure('permission-missing', { permission: 'velocity.media.create' });
  });

  it('checks them when it ends, too', async () => {
    fixture.source.script.push({
      meanwhile: async () =>
        fixture.depot.work.run(async (tx) =>
          tx.assignments.store(fixture.depot.group.id, ONE, { write: true, manage: false }),
        ),
    });
    await fixture.order();
    await fixture.run();
    await fixture.expectFailure('not-manager');
  });

  it('fails for a removed user', async () => {
    await fixture.order();
    await fixture.depot.work.run(async (tx) => tx.users.remove(fixture.ann.id));
    await fixture.run();
    await fixture.expectFailure('user-not-found');
  });

  it('is not queued, and does not run, where the operator has switched imports off', async () => {
    await fixture.order();
    const off = fixture.replica.importsFrom(fixture.source, { importsAreOn: false });
    await fixture.run(off);
    expect(fixture.source.requests).toEqual([]);
    await fixture.expectFailure('imports-off');
    await expect(fixture.order({}, off)).rejects.toMatchObject({ code: 'imports-off' });
  });

  it('takes too long after a day', async () => {
    await fixture.order();
    await fixture.rows(`update jobs set created_at = created_at - interval '24 hours'`);
    await fixture.run();
    await fixture.expectFailure('import-expired', { maxSeconds: 86_400 });
  });

  it('leaves its bytes to another process when it stops', async () => {
    const held = gate();
    fixture.source.script.push({
      breaksAfter: 100_000,
      meanwhile: async () => {
        held.open();
        await fixture.imports.runs.stop();
      },
    });
    await fixture.order();
    const first = fixture.imports.runs.run();
    await held.opened;
    await first;
    await fixture.imports.runs.idle();
    expect(fixture.replica.recorded).toContain('import left');
    const other = startUploadReplica(fixture.depot);
    await fixture.finish(other.importsFrom(fixture.source));
    await other.close();
    await fixture.expectItem();
    expect(fixture.source.requests).toEqual([0, 100_000]);
    expect(fixture.source.sent).toBe(IMPORTED.length);
  });

  it('is taken over from a process that died', async () => {
    const held = gate();
    fixture.source.script.push({
      breaksAfter: 100_000,
      meanwhile: async () => {
        await fixture.replica.kill();
        held.open();
      },
    });
    await fixture.order();
    await fixture.imports.runs.run();
    await held.opened;
    await fixture.imports.runs.idle();
    await reap(fixture.depot, fixture.replica);
    const other = startUploadReplica(fixture.depot);
    await fixture.finish(other.importsFrom(fixture.source));
    await other.close();
    await fixture.expectItem();
  });

  it('runs at most half of the imports at once for one tenant', async () => {
    const held = gate();
    fixture.source.script.push({ meanwhile: async () => held.opened }, { meanwhile: async () => held.opened });
    for (const name of ['a', 'b', 'c']) await fixture.order({ name });
    await fixture.imports.runs.run();
    await until('two have begun', () => fixture.source.requests.length === 2);
    await fixture.imports.runs.run();
    expect(await fixture.rows('select job_id from imports where phase is null')).toHaveLength(1);
    held.open();
    await fixture.finish();
    expect(await fixture.depot.states()).toEqual(['ready', 'ready', 'ready']);
  });

  it('needs a name that is free', async () => {
    await fixture.order();
    await expect(fixture.order()).rejects.toMatchObject({ code: 'media-name-taken' });
    await fixture.run();
  });

  it('refuses users with too many open uploads', async () => {
    const bounded = startUploadReplica(fixture.depot, { maxOpen: 1 });
    const imports = bounded.importsFrom(fixture.source);
    await fixture.order({}, imports);
    await expect(fixture.order({ name: 'other' }, imports)).rejects.toMatchObject({
      code: 'too-many-possessions',
      detail: { of: 'uploads', max: 1 },
    });
    await fixture.run(imports);
    await bounded.close();
  });
});
