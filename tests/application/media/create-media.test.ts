import type { CreateOrder } from '../../../src/application/media/create-media.ts';
import { bytes, MAX_BYTES } from '../../../src/domain/shared/bytes.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER } from '../../support/files/byte-sources.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { startReplica, type Replica } from '../../support/program/replica.ts';
import { withHooks } from '../../support/fixtures/store-hooks.ts';
import { ONE, openDepotFixture, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';

const TIB = 1024 ** 4;
const UNAVAILABLE = { code: 'unavailable' };

describe('CreateMedia', () => {
  let fixture: DepotFixture;
  let replica: Replica;
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replica = startReplica(fixture);
  });
  afterEach(async () => fixture.close());

  async function create(wanted: Partial<CreateOrder> = {}, signal = NEVER): Promise<MediaId> {
    const order = { name: 'disk', size: bytes(4096), pool: ONE, group: fixture.group.id, ...wanted };
    return replica.create.run(fixture.root, order, signal);
  }

  it('creates finished items that are writable, read as zeros and are charged in full', async () => {
    const id = await create({ size: bytes(100_001) });
    expect((await fixture.content(id)).equals(Buffer.alloc(100_001))).toBe(true);
    const found = await fixture.depot.work.run(async (tx) => tx.media.findStored(id));
    expect(found).toMatchObject({
      media: { state: 'ready', readOnly: false, type: 'DISK', size: 100_001 },
      blob: { storedBytes: 0, sha256: null },
    });
    for (const group of fixture.group.path) expect(await fixture.used(group)).toBe(100_001);
  });

  it('stores the given type, and refuses an invalid one', async () => {
    const id = await create({ type: 'IPSW' });
    const media = await fixture.depot.work.run(async (tx) => tx.media.find(id));
    expect(media!.type).toBe('IPSW');
    await expect(create({ name: 'other', type: '' })).rejects.toMatchObject({ code: 'name-invalid' });
  });

  it('creates an item of a tebibyte, and one of no bytes', async () => {
    await create({ size: bytes(TIB) });
    await create({ name: 'empty', size: bytes(0) });
    expect(await fixture.poolUsage()).toBe(TIB);
    expect(await fixture.files()).toHaveLength(2);
  });

  it('is limited like an upload', async () => {
    await fixture.setQuota(fixture.top.id, bytes(TIB));
    await create({ size: bytes(TIB) });
    await expect(create({ name: 'other', size: bytes(1) })).rejects.toMatchObject({
      code: 'quota-exceeded',
      detail: { needed: 1, left: 0, limitedBy: 'group' },
    });
  });

  it('refuses a caller who may not create media for the group', async () => {
    const stranger = await makeUser(fixture.depot, 'stranger');
    const order = { name: 'disk', size: bytes(1), pool: ONE, group: fixture.group.id };
    await expect(replica.create.run(stranger, order, NEVER)).rejects.toMatchObject({ code: 'permission-missing' });
    await fixture.expectNothing();
  });

  it('leaves nothing behind if the filesystem or the pool has no space for the item', async () => {
    await create({ size: MAX_BYTES }).then(
      async (id) => replica.remove.run(fixture.root, id),
      (error: unknown) => {
        expect(error).toMatchObject({ code: 'quota-exceeded', detail: { needed: MAX_BYTES, limitedBy: 'backend' } });
      },
    );
    await fixture.expectNothing();
    await create({ size: bytes(1) });
    await expect(create({ name: 'other', size: MAX_BYTES })).rejects.toMatchObject({
      code: 'quota-exceeded',
      detail: { left: MAX_BYTES - 1 },
    });
  });

  it('leaves nothing behind when the client hangs up meanwhile', async () => {
    const client = new AbortController();
    const reason = new Error('gone');
    replica = startReplica(fixture, { stores: withHooks(fixture.stores, { afterCommit: () => client.abort(reason) }) });
    await expect(create({}, client.signal)).rejects.toBe(reason);
    await fixture.expectNothing();
  });

  it('leaves nothing behind when the pool fails, once it is back', async () => {
    const remount = await fixture.unmount(ONE);
    await expect(create()).rejects.toMatchObject(UNAVAILABLE);
    expect(await fixture.states()).toEqual(['removing']);
    expect(await fixture.used()).toBe(0);
    await remount();
    await replica.leases.renew();
    await replica.sweep.run();
    await fixture.expectNothing();
  });

  it('leaves nothing behind when a sweeper considered it dead before its zeros were stored', async () => {
    const { sweep } = startReplica(fixture, { leaseSeconds: 0 });
    const stores = withHooks(fixture.stores, {
      beforeCommit: async () => {
        await fixture.depot.knex.raw(`update media set lease_until = now() - interval '1 hour'`);
        for (let pass = 0; pass < 2; pass += 1) await sweep.run();
        expect(await fixture.states()).toEqual([]);
      },
    });
    replica = startReplica(fixture, { stores });
    await expect(create()).rejects.toMatchObject(UNAVAILABLE);
    await fixture.expectNothing();
  });

  it('succeeds when only the reply to its last COMMIT was lost', async () => {
    const stores = withHooks(fixture.stores, { afterCommit: () => fixture.wire.cutAt('COMMIT', 'after') });
    replica = startReplica(fixture, { stores });
    await create();
    expect(await fixture.states()).toEqual(['ready']);
  });
});
