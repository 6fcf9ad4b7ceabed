import { appendFile, rename } from 'node:fs/promises';
import type { BlobStores } from '../../../src/application/ports/blob-store.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { PoolId } from '../../../src/domain/shared/ids.ts';
import type { UploadId } from '../../../src/domain/uploads/upload.ts';
import { NEVER, patterned, sha256, sourceOf } from '../../support/files/byte-sources.ts';
import { ONE, openDepotFixture, TWO, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';
import { withHooks } from '../../support/fixtures/store-hooks.ts';
import { startUploadReplica, type UploadReplica } from '../../support/program/upload-replica.ts';
import { gate } from '../../support/waiting/gate.ts';
import { until } from '../../support/waiting/until.ts';

const CONTENT = patterned(100_000);
const LAST = CONTENT.length - 1;

describe('Uploads without a request', () => {
  let fixture: DepotFixture;
  let replicas: UploadReplica[];
  let dead: UploadReplica;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replicas = [];
    dead = start();
  });
  afterEach(async () => {
    for (const one of replicas) {
      await one.leases.idle();
      await one.close();
    }
    await fixture.close();
  });

  function start(stores: BlobStores = fixture.stores): UploadReplica {
    const replica = startUploadReplica(fixture, { stores });
    replicas.push(replica);
    return replica;
  }

  async function send(name: string, to: number, pool: PoolId = ONE): Promise<UploadId> {
    const order = { group: fixture.group.id, type: null, readOnly: null, sha256: sha256(CONTENT) };
    const { id } = await dead.create.run(fixture.root, { ...order, pool, name, length: bytes(CONTENT.length) });
    const body = { source: sourceOf(CONTENT.subarray(0, to)), length: to, checksum: null };
    await dead.append.run(fixture.root, id, 0, body, NEVER);
    return id;
  }

  /** An upload whose process died between the record of the last byte and the item. */
  async function sendUnverified(name: string, pool: PoolId = ONE): Promise<UploadId> {
    const id = await send(name, LAST, pool);
    await appendFile(fixture.pathOf(`.partial-${id}`, pool), CONTENT.subarray(LAST));
    await fixture.depot.rows(`update uploads set received = length, state = 'verifying' where id = '${id}'`);
    return id;
  }

  async function untilFinished(id: UploadId, replica: UploadReplica): Promise<void> {
    await until('it is finished', async () => {
      await replica.tend.run();
      return (await replica.view.run(fixture.root, id)).state === 'finished';
    });
  }

  it.each<[string, (id: UploadId) => Promise<void>]>([
    ['after the last byte', async () => Promise.resolve()],
    ['when the file had its name', async (id) => rename(fixture.pathOf(`.partial-${id}`), fixture.pathOf(id))],
  ])('are verified and finished by another replica when their process died %s', async (_when, change) => {
    const id = await sendUnverified('image');
    await change(id);
    const other = start();
    await untilFinished(id, other);
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
    const stored = await fixture.work.run(async (tx) => tx.media.findStored(id));
    expect(stored?.blob.sha256).toBe(sha256(CONTENT));
    expect(await fixture.used()).toBe(CONTENT.length);
    await until('it is counted', () => other.recorded.includes('upload finished'));
  });

  it('are verified although others cannot be, because their pool is away', async () => {
    for (const name of ['one', 'two', 'three']) await sendUnverified(name);
    const id = await sendUnverified('image', TWO);
    await fixture.depot.rows(`update uploads set expires_at = expires_at + interval '1 h' where id = '${id}'`);
    const mount = await fixture.unmount(ONE);
    await untilFinished(id, start());
    await mount();
  });

  it('are verified although the pool of others hangs', async () => {
    for (const name of ['one', 'two', 'three']) await sendUnverified(name);
    const mayGoOn = gate();
    const hanging = withHooks(fixture.stores, { beforeSha256: async () => mayGoOn.opened });
    const other = start({
      ...fixture.stores,
      of: (pool, location) => (pool === ONE ? hanging : fixture.stores).of(pool, location),
    });
    await until('the pool hangs', async () => {
      await other.tend.run();
      const leased = await fixture.depot.rows(`select id from uploads where lease_until > clock_timestamp()`);
      return leased.length >= 2;
    });
    await untilFinished(await sendUnverified('image', TWO), other);
    mayGoOn.open();
  });

  it('expire although the pool of one of them hangs', async () => {
    for (const name of ['one', 'two']) await send(name, LAST);
    await fixture.depot.rows(`update uploads set expires_at = clock_timestamp() - interval '1 s'`);
    const stores = withHooks(fixture.stores, { beforeRemove: async () => new Promise(() => undefined) });
    await start(stores).tend.run();
    expect(await fixture.states()).toEqual(['removing', 'removing']);
    expect(await fixture.used()).toBe(0);
  });
});
