import { randomBytes } from 'node:crypto';
import type { ByteSource } from '../../../src/application/ports/blob-store.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import type { MediaId } from '../../../src/domain/shared/ids.ts';
import { chunkAt, chunkCount, type Chunk } from '../../../src/domain/uploads/chunks.ts';
import { failAfter, NEVER, sourceOf, stallAfter } from '../../support/files/byte-sources.ts';
import { openDepotFixture, type DepotFixture } from '../../support/fixtures/depot-fixture.ts';
import { joined } from '../../support/images/images.ts';
import { startUploadReplica, type UploadReplica } from '../../support/program/upload-replica.ts';
import { makeUser } from '../../support/fixtures/users.ts';
import { gate } from '../../support/waiting/gate.ts';
import { until } from '../../support/waiting/until.ts';

const SIZE = bytes(100_000);
const CONTENT = randomBytes(4 * SIZE + 77);
const LENGTH = bytes(CONTENT.length);
const CHUNKS = Array.from({ length: chunkCount(LENGTH, SIZE) }, (_, number) => chunkAt(LENGTH, SIZE, number)!);
/** Refers to a file of the host. */
const HOSTILE = joined(
  Buffer.from(
    '# Disk DescriptorFile\nversion=1\nCID=ffffffff\ncreateType="monolithicFlat"\nRW 1 FLAT "/etc/shadow" 0\n',
  ),
  Buffer.alloc(200_000),
);
const LABEL = { text: 'a drive', meta: {}, shareable: false, affinities: [] };

describe('ReceiveChunk', () => {
  let fixture: DepotFixture;
  let replicas: readonly [UploadReplica, UploadReplica];
  beforeEach(async () => {
    fixture = await openDepotFixture();
    replicas = [startUploadReplica(fixture), startUploadReplica(fixture, { listens: false })];
    await fixture.depot.work.run(async (tx) => tx.users.setHome(fixture.root.id, fixture.group.id));
  });
  afterEach(async () => {
    for (const replica of replicas) await replica.close();
    await fixture.close();
  });

  async function create(size = LENGTH): Promise<MediaId> {
    const [drive] = await replicas[0].chunks.initializeUploads.run(fixture.root, [
      { label: LABEL, size, optical: false },
    ]);
    expect(drive).toMatchObject({ state: 'uploading', size });
    return drive!.id;
  }

  async function send(
    id: MediaId,
    { number, from, to }: Chunk,
    { at = replicas[0], source = sourceOf(CONTENT.subarray(from, to)), order = {}, signal = NEVER } = {},
  ): Promise<void> {
    const body: { source: ByteSource; length: null } = { source, length: null };
    await at.chunks.receiveChunk.run(fixture.root, id, { number, chunkSize: SIZE, ...order }, body, signal);
  }

  it('makes the item ready with the answer to the last missing chunk, whatever the order', async () => {
    const id = await create();
    await Promise.all([send(id, CHUNKS[3]!), send(id, CHUNKS[1]!, { at: replicas[1] }), send(id, CHUNKS[2]!)]);
    expect(await fixture.states()).toEqual(['uploading']);
    await send(id, CHUNKS[0]!, { at: replicas[1] });
    expect(await fixture.states()).toEqual(['ready']);
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
    expect(await fixture.used()).toBe(LENGTH);
    await expect(send(id, CHUNKS[0]!)).rejects.toMatchObject({ code: 'chunk-stored', detail: { number: 0 } });
  });

  it('stores nothing of a chunk that is cut off or has a wrong length', async () => {
    const id = await create();
    const [first] = CHUNKS;
    const failure = new Error('cut off');
    await expect(send(id, first!, { source: failAfter(failure, CONTENT.subarray(0, 9)) })).rejects.toBe(failure);
    for (const length of [SIZE - 1, SIZE + 1]) {
      await expect(send(id, first!, { source: sourceOf(Buffer.alloc(length)) })).rejects.toMatchObject({
        code: 'chunk-refused',
        detail: { reason: 'the chunk has exactly 100000 bytes' },
      });
    }
    expect(await fixture.depot.rows('select * from upload_ranges')).toEqual([]);
  });

  it('lets a new request for a chunk take over from a silent one, in this process and another', async () => {
    const id = await create();
    for (const at of replicas) {
      const stalled = gate();
      const silent = send(id, CHUNKS[0]!, { source: stallAfter(stalled, Buffer.alloc(9)) });
      const ended = silent.catch((error: unknown) => error);
      await stalled.opened;
      await expect(send(id, CHUNKS[0]!, { at, source: sourceOf(Buffer.alloc(1)) })).rejects.toMatchObject({
        code: 'chunk-refused',
      });
      expect(await ended).toMatchObject({ code: 'upload-locked' });
    }
  });

  it('lets no request of another user interrupt one', async () => {
    const id = await create();
    const bob = await makeUser(fixture.depot, 'bob', fixture.group.id, 'velocity.media.list', 'velocity.media.create');
    const [stalled, goOn] = [gate(), gate()];
    async function* source(): ByteSource {
      yield CONTENT.subarray(0, 9);
      stalled.open();
      await goOn.opened;
      yield CONTENT.subarray(9, SIZE);
    }
    const sending = send(id, CHUNKS[0]!, { source: source() });
    await stalled.opened;
    const order = { number: 0, chunkSize: SIZE };
    const body = { source: sourceOf(Buffer.alloc(SIZE)), length: SIZE };
    await expect(replicas[0].chunks.receiveChunk.run(bob, id, order, body, NEVER)).rejects.toMatchObject({
      code: 'permission-missing',
    });
    goOn.open();
    await sending;
  });

  it('writes nothing once the process was stopped for as long as its lease, before any timer had a turn', async () => {
    const stopped = startUploadReplica(fixture, { leaseSeconds: 1.2 });
    const id = await create();
    const content = CONTENT.subarray(0, SIZE);
    async function* source(): AsyncGenerator<Uint8Array> {
      yield content.subarray(0, 9);
      yield content.subarray(9);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
    }
    await expect(send(id, CHUNKS[0]!, { at: stopped, source: source() })).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(await fixture.depot.rows('select * from upload_ranges')).toEqual([]);
    await send(id, CHUNKS[0]!, { source: sourceOf(content) });
    await stopped.close();
  });

  it('ends the upload with an image that its head refuses, also where chunks are shorter', async () => {
    for (const size of [SIZE, bytes(30_000)]) {
      const id = await create(bytes(HOSTILE.length));
      const order = { chunkSize: size };
      const failures: unknown[] = [];
      for (let number = 0; number < 3 && failures.length === 0; number += 1) {
        const chunk = chunkAt(bytes(HOSTILE.length), size, number)!;
        const source = sourceOf(HOSTILE.subarray(chunk.from, chunk.to));
        await send(id, chunk, { order, source }).catch((error: unknown) => failures.push(error));
      }
      expect(failures).toEqual([expect.objectContaining({ code: 'format-refused' })]);
      await expect(send(id, CHUNKS[1]!)).rejects.toMatchObject({ code: 'media-not-found' });
    }
    await fixture.expectNothing();
  });

  it('takes only neighbours of what is there once there are 10,000 gaps', async () => {
    const id = await create(bytes(20_010));
    const one = chunkAt(bytes(20_010), bytes(1), 19_999)!;
    const order = { chunkSize: bytes(1) };
    const sendByte = async (number: number): Promise<void> =>
      send(id, { ...one, number }, { order, source: sourceOf(Buffer.alloc(1)) });
    await sendByte(19_999);
    await fixture.depot.rows(
      `insert into upload_ranges (upload_id, first, past) select '${id}', 2 * n + 1, 2 * n + 2 from generate_series(0, 9998) n`,
    );
    const reason = 'there are 10000 gaps: send the chunks beside those that are there';
    await expect(sendByte(20_005)).rejects.toMatchObject({ code: 'chunk-refused', detail: { reason } });
    await sendByte(20_000);
    await sendByte(19_998);
    await sendByte(20_005);
  });

  it('finishes what a process left that died', async () => {
    const id = await create();
    for (const chunk of CHUNKS.slice(1)) await send(id, chunk);
    const [dead, other] = replicas;
    // Nothing in this process can finish the upload meanwhile.
    const lease = await dead.leases.acquire(id);
    const gone = new AbortController();
    const last = send(id, CHUNKS[0]!, { signal: gone.signal }).catch((error: unknown) => error);
    await until(
      'the last byte',
      async () => (await fixture.depot.rows("select from uploads where state = 'verifying'")).length > 0,
    );
    gone.abort(new Error('gone'));
    expect(await last).toEqual(new Error('gone'));
    await lease.release();
    await other.tend.run();
    await other.chunks.viewChunk.run(fixture.root, id, { number: 0, chunkSize: SIZE }, NEVER);
    expect((await fixture.content(id)).equals(CONTENT)).toBe(true);
  });
});
