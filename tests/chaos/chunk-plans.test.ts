import { randomBytes } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { RemoveGroup } from '../../src/application/access/remove-group.ts';
import type { ByteSource } from '../../src/application/ports/blob-store.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import { isDomainError, isFailure } from '../../src/domain/shared/domain-error.ts';
import type { MediaId } from '../../src/domain/shared/ids.ts';
import { chunkAt, chunkCount, type Chunk } from '../../src/domain/uploads/chunks.ts';
import { failAfter, NEVER, sourceOf, stallAfter } from '../support/files/byte-sources.ts';
import { ONE, type DepotFixture } from '../support/fixtures/depot-fixture.ts';
import { POOL_KINDS } from '../support/fixtures/depot-in-s3.ts';
import { closeTestBuckets } from '../support/s3/test-bucket.ts';
import { reap, startUploadReplica, type UploadReplica } from '../support/program/upload-replica.ts';
import { gate } from '../support/waiting/gate.ts';
import { until } from '../support/waiting/until.ts';
import { Random } from './random.ts';
import { times } from './repetitions.ts';

const PLANS = times('PLATTER_CHUNK_PLANS', 10, 300);
const MAX_CHUNK = 60_000;
const MAX_CHUNKS = 12;
const ACTIONS = ['send', 'send', 'send together', 'cut', 'repeat', 'take over', 'kill', 'wrong length'] as const;
const ENDS = ['finish', 'finish', 'finish', 'abort', 'expire', 'revoke', 'remove group', 'kill and finish'] as const;
const LABEL = { text: 'disk', meta: {}, shareable: false, affinities: [] };

/** One upload in chunks by a client that may come to any of two replicas, any of which may die. */
class Plan {
  readonly #random: Random;
  readonly #content: Buffer;
  readonly #chunkSize;
  readonly #missing: Chunk[];
  readonly #end: (typeof ENDS)[number];
  readonly #fixture: DepotFixture;
  readonly #replicas: UploadReplica[] = [];
  #id: MediaId | null = null;

  constructor(fixture: DepotFixture, seed: number) {
    this.#random = new Random(seed);
    this.#chunkSize = bytes(1 + this.#random.below(MAX_CHUNK));
    const count = 1 + this.#random.below(MAX_CHUNKS);
    this.#content = randomBytes(count * this.#chunkSize + this.#random.below(this.#chunkSize));
    const length = bytes(this.#content.length);
    const numbers = Array.from({ length: chunkCount(length, this.#chunkSize) }, (_, number) => number);
    this.#missing = numbers.map((number) => chunkAt(length, this.#chunkSize, number)!);
    this.#end = this.#random.of(ENDS)!;
    this.#fixture = fixture;
    this.#replicas.push(startUploadReplica(fixture), startUploadReplica(fixture));
  }

  async run(): Promise<void> {
    try {
      const order = { label: LABEL, size: bytes(this.#content.length), optical: false };
      const [drive] = await this.#replica.chunks.initializeUploads.run(this.#fixture.root, [order]);
      this.#id = drive!.id;
      // The last chunk is left for the end.
      for (let left = this.#random.below(12); left > 0 && this.#missing.length > 1; left -= 1) {
        await this.#act(this.#random.of(ACTIONS)!);
      }
      await this.#conclude();
    } finally {
      for (const replica of this.#replicas) {
        await replica.chunkLeases.idle();
        await replica.leases.idle();
        await replica.close();
      }
    }
  }

  get #replica(): UploadReplica {
    return this.#random.of(this.#replicas)!;
  }

  /** Any missing chunk; it counts as sent from now on. */
  #take(): Chunk {
    return this.#missing.splice(this.#random.below(this.#missing.length), 1)[0]!;
  }

  #bytesOf({ from, to }: Chunk): Buffer {
    return this.#content.subarray(from, to);
  }

  async #sendTo(replica: UploadReplica, { number }: Chunk, source: ByteSource, signal = NEVER): Promise<void> {
    const order = { number, chunkSize: this.#chunkSize };
    const body = { source, length: null };
    await replica.chunks.receiveChunk.run(this.#fixture.root, this.#id, order, body, signal);
  }

  /** Repeats the request while another one has the chunk. */
  async #send(chunk: Chunk): Promise<void> {
    await until('the chunk', async () => {
      try {
        await this.#sendTo(this.#replica, chunk, sourceOf(this.#bytesOf(chunk)));
        return true;
      } catch (error) {
        if (isFailure(error, 'upload-locked')) return null;
        throw error;
      }
    });
  }

  async #act(action: (typeof ACTIONS)[number]): Promise<void> {
    switch (action) {
      case 'send':
        return this.#send(this.#take());
      case 'send together': {
        const several = Array.from({ length: Math.min(4, this.#missing.length - 1) }, () => this.#take());
        await Promise.all(several.map(async (chunk) => this.#send(chunk)));
        return;
      }
      case 'cut': {
        const chunk = this.#random.of(this.#missing)!;
        const part = this.#bytesOf(chunk).subarray(this.#random.below(chunk.to - chunk.from));
        await expect(this.#sendTo(this.#replica, chunk, failAfter(new Error('cut off'), part))).rejects.toThrow(
          /cut off|chunk-refused/,
        );
        return;
      }
      case 'wrong length': {
        const chunk = this.#random.of(this.#missing)!;
        const longer = sourceOf(this.#bytesOf(chunk), Buffer.alloc(1));
        await expect(this.#sendTo(this.#replica, chunk, longer)).rejects.toMatchObject({ code: 'chunk-refused' });
        return;
      }
      case 'repeat': {
        const chunk = this.#take();
        await this.#send(chunk);
        await expect(this.#send(chunk)).rejects.toMatchObject({ code: 'chunk-stored' });
        return;
      }
      case 'take over': {
        const chunk = this.#take();
        const { ended } = await this.#stall(this.#replica, chunk);
        await this.#send(chunk);
        expect(await ended).toMatchObject({ code: 'upload-locked' });
        return;
      }
      case 'kill':
        await this.#kill(this.#random.of(this.#missing)!);
    }
  }

  /** Sends a part of a chunk, other bytes than the right ones, and then nothing more. */
  async #stall(
    replica: UploadReplica,
    chunk: Chunk,
  ): Promise<{ readonly ended: Promise<unknown>; readonly wire: AbortController }> {
    const [stalled, wire] = [gate(), new AbortController()];
    const part = Buffer.alloc(this.#random.below(chunk.to - chunk.from), 255);
    const ended = this.#sendTo(replica, chunk, stallAfter(stalled, part), wire.signal).catch((error: unknown) => error);
    await Promise.race([stalled.opened, ended]);
    return { ended, wire };
  }

  /** What it was writing does not count; its leases end when its successor starts. */
  async #kill(chunk: Chunk): Promise<void> {
    const [dead] = this.#replicas.splice(this.#random.below(this.#replicas.length), 1);
    const { ended, wire } = await this.#stall(dead!, chunk);
    await dead!.kill();
    wire.abort(new Error('dead'));
    await ended;
    await reap(this.#fixture, dead!);
    this.#replicas.push(startUploadReplica(this.#fixture));
  }

  async #finish(): Promise<void> {
    const chunks = this.#missing.splice(0).map((chunk) => ({ chunk, at: this.#random.below(1_000) }));
    const shuffled = chunks.toSorted((one, other) => one.at - other.at);
    await Promise.all(shuffled.map(async ({ chunk }) => this.#send(chunk)));
    expect(await this.#fixture.states()).toEqual(['ready']);
    expect((await this.#fixture.content(this.#id!)).equals(this.#content)).toBe(true);
    expect(await this.#fixture.used()).toBe(this.#content.length);
  }

  async #conclude(): Promise<void> {
    const { depot, group, root } = this.#fixture;
    switch (this.#end) {
      case 'kill and finish':
        await this.#kill(this.#random.of(this.#missing)!);
        return this.#finish();
      case 'finish':
        return this.#finish();
      case 'abort':
        await depot.work.run(async (tx) => tx.media.beginRemoval(this.#id!));
        await depot.rows('update usage set used = 0, items = 0');
        break;
      case 'expire':
        await depot.rows(`update uploads set expires_at = clock_timestamp() - interval '1 s'`);
        await this.#replica.tend.run();
        break;
      case 'remove group':
        await new RemoveGroup(depot.work, { wake: () => undefined }).run(root, group.id);
        break;
      case 'revoke':
        await depot.work.run(async (tx) => tx.assignments.store(group.id, ONE, { write: true, manage: false }));
        await expect(this.#send(this.#missing[0]!)).rejects.toMatchObject({ code: 'not-manager' });
    }
    await this.#replica.purge();
    const after = await this.#send(this.#missing[0]!).catch((error: unknown) => error);
    expect(isDomainError(after) && after.code).toMatch(/media-not-found|permission-missing/);
    await this.#fixture.expectNothing();
  }
}

afterAll(closeTestBuckets);

describe.each(POOL_KINDS)('Uploads in chunks on two replicas, to $name', ({ open }) => {
  const seeds = Array.from({ length: PLANS }, (_, at) => at + 1);
  it.each(seeds)('leave the item with exactly its bytes, or nothing: plan %i', async (seed) => {
    const fixture = await open();
    try {
      await fixture.depot.work.run(async (tx) => tx.users.setHome(fixture.root.id, fixture.group.id));
      await new Plan(fixture, seed).run();
      // What waits for the end of a request forgets it.
      expect(getEventListeners(NEVER, 'abort')).toEqual([]);
    } finally {
      await fixture.close();
    }
  });
});
