import type { CreateOrder } from '../../../src/application/media/create-media.ts';
import { bytes, MAX_BYTES } from '../../../src/domain/shared/bytes.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { NEVER } from '../../support/byte-sources.ts';
import { makeUser } from '../../support/people.ts';
import { startReplica, type Replica } from '../../support/replica.ts';
import { watched } from '../../support/watched-store.ts';
import { ONE, openYard, type Yard } from '../../support/yard.ts';

const TIB = 1024 ** 4;
const UNAVAILABLE = { code: 'unavailable' };

describe('CreateMedia', () => {
  let yard: Yard;
  let replica: Replica;
  beforeEach(async () => {
    yard = await openYard();
    replica = startReplica(yard);
  });
  afterEach(async () => yard.close());

  async function create(wanted: Partial<CreateOrder> = {}, signal = NEVER): Promise<MediaId> {
    const order = { name: 'disk', size: bytes(4096), pool: ONE, group: yard.group.id, ...wanted };
    return replica.create.run(yard.root, order, signal);
  }

  it('makes finished media that are writable, read as zeros and count in full', async () => {
    const id = await create({ size: bytes(100_001) });
    expect((await yard.content(id)).equals(Buffer.alloc(100_001))).toBe(true);
    const found = await yard.depot.work.run(async (tx) => tx.media.findStored(id));
    expect(found).toMatchObject({
      media: { state: 'ready', readOnly: false, type: 'DISK', size: 100_001 },
      blob: { storedBytes: 0, sha256: null },
    });
    for (const group of yard.group.path) expect(await yard.used(group)).toBe(100_001);
  });

  it('takes the type that it is given, and refuses one that is none', async () => {
    const id = await create({ type: 'IPSW' });
    const media = await yard.depot.work.run(async (tx) => tx.media.find(id));
    expect(media!.type).toBe('IPSW');
    await expect(create({ name: 'other', type: '' })).rejects.toMatchObject({ code: 'name-invalid' });
  });

  it('makes a tebibyte, and nothing at all', async () => {
    await create({ size: bytes(TIB) });
    await create({ name: 'empty', size: bytes(0) });
    expect(await yard.inPool()).toBe(TIB);
    expect(await yard.files()).toHaveLength(2);
  });

  it('is judged by limits as an upload is', async () => {
    await yard.limit(yard.top.id, bytes(TIB));
    await create({ size: bytes(TIB) });
    await expect(create({ name: 'other', size: bytes(1) })).rejects.toMatchObject({
      code: 'quota-exceeded',
      detail: { needed: 1, left: 0, limitedBy: 'group' },
    });
  });

  it('gives nothing to who may not create media for the group', async () => {
    const stranger = await makeUser(yard.depot, 'stranger');
    const order = { name: 'disk', size: bytes(1), pool: ONE, group: yard.group.id };
    await expect(replica.create.run(stranger, order, NEVER)).rejects.toMatchObject({ code: 'permission-missing' });
    await yard.expectNothing();
  });

  it('leaves nothing behind where the pool can’t keep that much, by its filesystem or by its count', async () => {
    await create({ size: MAX_BYTES }).then(
      async (id) => replica.remove.run(yard.root, id),
      (error: unknown) => {
        expect(error).toMatchObject({ code: 'quota-exceeded', detail: { needed: MAX_BYTES, limitedBy: 'backend' } });
      },
    );
    await yard.expectNothing();
    await create({ size: bytes(1) });
    await expect(create({ name: 'other', size: MAX_BYTES })).rejects.toMatchObject({
      code: 'quota-exceeded',
      detail: { left: MAX_BYTES - 1 },
    });
  });

  it('leaves nothing behind when the client hangs up meanwhile', async () => {
    const client = new AbortController();
    const reason = new Error('gone');
    replica = startReplica(yard, { stores: watched(yard.stores, { afterCommit: () => client.abort(reason) }) });
    await expect(create({}, client.signal)).rejects.toBe(reason);
    await yard.expectNothing();
  });

  it('leaves nothing behind when the pool is gone, once that is back', async () => {
    const remount = await yard.unmount(ONE);
    await expect(create()).rejects.toMatchObject(UNAVAILABLE);
    expect(await yard.states()).toEqual(['removing']);
    expect(await yard.used()).toBe(0);
    await remount();
    await replica.leases.renew();
    await replica.sweep.run();
    await yard.expectNothing();
  });

  it('leaves nothing behind when a sweeper took it for dead before its zeros were there', async () => {
    const { sweep } = startReplica(yard, { lease: 0 });
    const stores = watched(yard.stores, {
      beforeCommit: async () => {
        await yard.depot.knex.raw(`update media set lease_until = now() - interval '1 hour'`);
        for (let pass = 0; pass < 2; pass += 1) await sweep.run();
        expect(await yard.states()).toEqual([]);
      },
    });
    replica = startReplica(yard, { stores });
    await expect(create()).rejects.toMatchObject(UNAVAILABLE);
    await yard.expectNothing();
  });

  it('ends as a success when only the answer to its last COMMIT was lost', async () => {
    const stores = watched(yard.stores, { afterCommit: () => yard.wire.cutAt('COMMIT', 'after') });
    replica = startReplica(yard, { stores });
    await create();
    expect(await yard.states()).toEqual(['ready']);
  });
});
