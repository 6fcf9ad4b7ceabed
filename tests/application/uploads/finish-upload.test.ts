import { writeFile } from 'node:fs/promises';
import type { UploadOrder } from '../../../src/application/uploads/create-upload.ts';
import type { UploadView } from '../../../src/application/uploads/upload-view.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { failAfter, NEVER, patterned, sha256, sourceOf } from '../../support/files/byte-sources.ts';
import { ONE, openDepotFixture, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';
import { withHooks, type StoreHooks } from '../../support/fixtures/store-hooks.ts';
import { startUploadReplica, type UploadReplica } from '../../support/program/upload-replica.ts';
import { gate } from '../../support/waiting/gate.ts';
import { until } from '../../support/waiting/until.ts';

const CONTENT = patterned(100_000);
const VERIFYING = { code: 'upload-verifying' };

describe('FinishUpload', () => {
  let fixture: DepotFixture;
  let replicas: UploadReplica[];
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replicas = [];
  });
  afterEach(async () => {
    for (const one of replicas) {
      await one.leases.idle();
      await one.close();
    }
    await fixture.close();
  });

  function start(moments: StoreHooks = {}, verifySeconds = 20): UploadReplica {
    const replica = startUploadReplica(fixture, { stores: withHooks(fixture.stores, moments), verifySeconds });
    replicas.push(replica);
    return replica;
  }

  /** Gives the lease of an upload to a process that is not there. */
  async function takeAway(seconds: number): Promise<void> {
    await fixture.depot.rows(
      `update uploads set holder = gen_random_uuid(), lease_until = clock_timestamp() + interval '${seconds} s'`,
    );
  }

  async function create(replica: UploadReplica, wanted: Partial<UploadOrder> = {}): Promise<UploadView['id']> {
    const usual = { group: fixture.group.id, pool: ONE, type: null, readOnly: null, sha256: sha256(CONTENT) };
    const order = { ...usual, name: 'image', length: bytes(CONTENT.length), ...wanted };
    return (await replica.create.run(fixture.root, order)).id;
  }

  async function send(replica: UploadReplica, id: UploadView['id'], from = 0): Promise<UploadView> {
    const body = { source: sourceOf(CONTENT.subarray(from)), length: null, checksum: null };
    return replica.append.run(fixture.root, id, from, body, NEVER);
  }

  it('goes on when the request that sent the last byte does not wait any longer', async () => {
    const mayVerify = gate();
    const replica = start({ beforeSha256: async () => mayVerify.opened }, 0.01);
    const other = start();
    const id = await create(replica);
    await expect(send(replica, id)).rejects.toMatchObject(VERIFYING);
    for (const one of replicas) {
      expect(await one.view.run(fixture.root, id)).toMatchObject({ offset: CONTENT.length, state: 'verifying' });
      await expect(send(one, id, CONTENT.length)).rejects.toMatchObject(VERIFYING);
    }
    // The process that verifies it keeps the lease.
    await other.tend.run();
    mayVerify.open();
    await until('it is finished', async () => (await other.view.run(fixture.root, id)).state === 'finished');
    await until('it is counted', () => replica.recorded.includes('upload finished'));
    expect(other.recorded).not.toContain('upload finished');
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
  });

  it('succeeds when only the reply to its last COMMIT was lost', async () => {
    const replica = start({ afterCommit: () => fixture.wire.cutAt('COMMIT', 'after') });
    const id = await create(replica);
    expect(await send(replica, id)).toMatchObject({ state: 'finished', media: id });
    expect(replica.recorded).toContain('upload finished');
  });

  it('succeeds when the reply to the record of the last byte was lost', async () => {
    const replica = start();
    const id = await create(replica);
    async function* source(): AsyncGenerator<Uint8Array> {
      yield CONTENT;
      await fixture.depot.rows(`update uploads set received = length, state = 'verifying'`);
    }
    const body = { source: source(), length: null, checksum: null };
    expect(await replica.append.run(fixture.root, id, 0, body, NEVER)).toMatchObject({ state: 'finished' });
  });

  it('leaves the upload to the process that took it over before the item was finished', async () => {
    const replica = start({ afterCommit: async () => takeAway(3600) });
    const id = await create(replica);
    await expect(send(replica, id)).rejects.toMatchObject({ code: 'upload-locked' });
    expect(await replica.view.run(fixture.root, id)).toMatchObject({ state: 'verifying' });
    await takeAway(0);
    const other = start();
    await until('it is finished', async () => {
      await other.tend.run();
      return (await other.view.run(fixture.root, id)).state === 'finished';
    });
  });

  it('leaves nothing of an upload that ended elsewhere just before its first byte', async () => {
    const other = start();
    const replica = start({ beforeOpen: async () => other.abort.run(fixture.root, id) });
    const id = await create(replica);
    const body = { source: failAfter(new Error('gone')), length: null, checksum: null };
    await expect(replica.append.run(fixture.root, id, 0, body, NEVER)).rejects.toThrow('gone');
    await fixture.expectNothing();
  });

  it('ends an upload that is refused when its bytes are read back', async () => {
    const replica = start();
    const id = await create(replica, { sha256: null });
    const hostile = Buffer.alloc(CONTENT.length);
    hostile.write('# Disk DescriptorFile\nversion=1\ncreateType="monolithicFlat"\nRW 1 FLAT "/etc/shadow" 0\n');
    await writeFile(fixture.pathOf(`.partial-${id}`), hostile);
    await fixture.depot.rows(`update uploads set received = length, state = 'verifying'`);
    await until('its end', async () => {
      await replica.tend.run();
      return (await fixture.states()).length === 0;
    });
    await expect(replica.view.run(fixture.root, id)).rejects.toMatchObject({ code: 'upload-gone' });
    await fixture.expectNothing();
  });
});
