import { randomUUID } from 'node:crypto';
import { Argon2PasswordHasher } from '../../../src/adapters/passwords/argon2-password-hasher.ts';
import { NodeRandom } from '../../../src/adapters/random/node-random.ts';
import { ChangePassword } from '../../../src/application/access/change-password.ts';
import { EnsureRoot } from '../../../src/application/access/ensure-root.ts';
import { RepairDepot } from '../../../src/application/doctor/repair-depot.ts';
import { admit } from '../../../src/application/media/admit.ts';
import { Purge } from '../../../src/application/media/purge.ts';
import type { BlobStores } from '../../../src/application/ports/blob-store.ts';
import type { Caller } from '../../../src/domain/access/caller.ts';
import type { AuditEntry } from '../../../src/domain/audit/audit-entry.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { DomainError } from '../../../src/domain/shared/domain-error.ts';
import { ROOT_USER, type BlobId, type InstanceId, type MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER, patterned, sourceOf } from '../../support/files/byte-sources.ts';
import { openCloneFixture } from '../../support/fixtures/clone-fixture.ts';
import { openTestDepot } from '../../support/fixtures/test-depot.ts';
import { openLibraryFixture } from '../../support/fixtures/library-fixture.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { startReplica } from '../../support/program/replica.ts';
import { withHooks } from '../../support/fixtures/store-hooks.ts';
import { ONE, openDepotFixture, orderOf, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const CONTENT = patterned(10_000);
const SYSTEM = { channel: 'system', address: null, request: null };

async function entriesIn({ depot }: Pick<DepotFixture, 'depot'>): Promise<readonly AuditEntry[]> {
  return (await depot.work.run(async (tx) => tx.audit.search({}, 1000, null))).toReversed();
}

describe('The audit of background work', () => {
  let fixture: DepotFixture;
  let ann: Caller;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    ann = await makeUser(fixture.depot, 'ann', fixture.group.id, 'velocity.media.list', 'velocity.media.create');
  });
  afterEach(async () => fixture.close());

  async function upload(): Promise<MediaId> {
    const order = { ...orderOf(fixture, CONTENT.length), type: 'DISK', readOnly: false };
    return startReplica(fixture).upload.run(ann, order, () => sourceOf(CONTENT), NEVER);
  }

  it('records the end of a clone, for the user who started it', async () => {
    const source = await upload();
    const cloneFixture = openCloneFixture(fixture);
    const { id } = await cloneFixture.clone.run(ann, source, {});
    await cloneFixture.finishJobs();
    const clone = { media: { id }, by: { id: ann.id, name: 'ann' }, details: { source } };
    expect(await entriesIn(fixture)).toMatchObject([
      { action: 'media.upload', media: { id: source }, details: { size: CONTENT.length } },
      { action: 'media.clone', result: 'done', ...clone },
      {
        action: 'media.clone-end',
        result: 'done',
        group: { id: fixture.group.id },
        pool: { id: ONE },
        ...clone,
        ...SYSTEM,
      },
    ]);
  });

  it('records the final failure of a clone once, with its group', async () => {
    const source = await upload();
    const tooMuch = new DomainError('quota-exceeded', { needed: bytes(1), left: null, limitedBy: 'backend' });
    const stores: BlobStores = {
      locations: (pool) => fixture.stores.locations(pool),
      of: (pool, location) => ({
        ...withHooks(fixture.stores, {}).of(pool, location),
        copy: async () => Promise.reject(tooMuch),
      }),
    };
    const cloneFixture = openCloneFixture(fixture, { stores });
    const { id } = await cloneFixture.clone.run(ann, source, {});
    await cloneFixture.finishJobs();
    expect((await entriesIn(fixture)).slice(2)).toMatchObject([
      {
        action: 'media.clone-end',
        result: 'quota-exceeded',
        media: { id },
        group: { id: fixture.group.id },
        by: { id: ann.id },
      },
    ]);
  });

  it('records that the sweeper removes an abandoned upload', async () => {
    const id = randomUUID() as MediaId;
    const left = { holder: randomUUID() as InstanceId, seconds: -100 };
    await fixture.depot.work.run(async (tx) =>
      admit(tx, fixture.pools, fixture.root, id, orderOf(fixture, 7), 'uploading', left),
    );
    const { sweep } = startReplica(fixture, { leaseSeconds: 0, graceSeconds: 0 });
    for (let pass = 0; pass < 2; pass += 1) await sweep.run();
    expect(await entriesIn(fixture)).toMatchObject([
      {
        action: 'media.abandon',
        by: null,
        media: { id },
        group: { id: fixture.group.id },
        details: { size: 7 },
        ...SYSTEM,
      },
    ]);
  });

  it('records changes of the library, and nothing when it does not change', async () => {
    const libraryFixture = await openLibraryFixture(fixture);
    const entry = await libraryFixture.declare(CONTENT);
    const declared = [{ ...entry, facts: { ...entry.facts, description: 'changed' } }];
    for (const entries of [[entry], [entry], declared, []]) {
      await libraryFixture.sync.run({ licences: [], entries }, () => undefined, NEVER);
    }
    const written = await entriesIn(fixture);
    expect(written.map(({ action }) => action)).toEqual([
      'library.publish',
      'library.update',
      'library.withdraw',
      'library.release',
    ]);
    for (const one of written) expect(one).toMatchObject({ by: null, media: written[0]!.media, ...SYSTEM });
  });

  it('records a repair by the doctor', async () => {
    const blob = randomUUID() as BlobId;
    await fixture.writePartialFile(blob);
    const mend = new RepairDepot(fixture.work, fixture.stores, new Purge(fixture.work, fixture.stores, fixture.pools));
    await mend.run({ kind: 'half-written', pool: ONE, location: 0, blob, owned: false, attempts: 1 });
    const drift = { used: bytes(1), counted: bytes(0), usedItems: 2, countedItems: 0 };
    await mend.run({ kind: 'usage', pool: ONE, group: fixture.group.id, ...drift });
    expect(await entriesIn(fixture)).toMatchObject([
      { action: 'pool.mend', pool: { id: ONE }, details: { found: 'half-written', blob } },
      {
        action: 'pool.mend',
        pool: { id: ONE },
        group: { id: fixture.group.id },
        details: { found: 'usage', used: 1, counted: 0, usedItems: 2, countedItems: 0 },
      },
    ]);
  });
});

describe('The audit of what the operator does to users', () => {
  it('records it once, without any password', async () => {
    const depot = await openTestDepot();
    const hasher = new Argon2PasswordHasher();
    const start = async (password: string): Promise<unknown> =>
      new EnsureRoot(depot.work, hasher, new NodeRandom()).run(password, async () => Promise.resolve());
    for (const password of ['first secret', 'first secret', 'second secret']) await start(password);
    await new ChangePassword(depot.work, hasher).run({ name: 'root', password: 'third secret' });
    const written = await entriesIn({ depot });
    expect(written.map(({ action, by, user }) => [action, by, user?.id])).toEqual([
      ['user.create', null, ROOT_USER],
      ['permission.give', null, ROOT_USER],
      ['user.password', null, ROOT_USER],
      ['user.password', null, ROOT_USER],
    ]);
    expect(JSON.stringify(written)).not.toContain('secret');
    await depot.close();
  });
});
