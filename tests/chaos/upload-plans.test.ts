import { createHash, randomBytes } from 'node:crypto';
import { RemoveGroup } from '../../src/application/access/remove-group.ts';
import type { AppendBody, AppendChecksum } from '../../src/application/uploads/append-body.ts';
import type { UploadView } from '../../src/application/uploads/upload-view.ts';
import { bytes } from '../../src/domain/shared/bytes.ts';
import { isDomainError, isFailure } from '../../src/domain/shared/domain-error.ts';
import type { ByteSource } from '../../src/application/ports/blob-store.ts';
import { failAfter, NEVER, sha256, sourceOf, stallAfter } from '../support/files/byte-sources.ts';
import { ONE, type DepotFixture } from '../support/fixtures/depot-fixture.ts';
import { POOL_KINDS } from '../support/fixtures/depot-in-s3.ts';
import { reap, startUploadReplica, type UploadReplica } from '../support/program/upload-replica.ts';
import { closeTestBuckets } from '../support/s3/test-bucket.ts';
import { gate } from '../support/waiting/gate.ts';
import { until } from '../support/waiting/until.ts';
import { Random } from './random.ts';
import { times } from './repetitions.ts';

const PLANS = times('PLATTER_UPLOAD_PLANS', 12, 500);
/** With and without full parts, in S3. */
const MAX_LENGTHS = [400_000, 12_000_000];
const ACTIONS = [
  'send',
  'send',
  'send',
  'cut',
  'take over',
  'kill',
  'wrong checksum',
  'checksum',
  'view',
  'lower quota',
] as const;
const ENDS = [
  'finish',
  'finish',
  'finish',
  'finish',
  'abort',
  'expire',
  'revoke',
  'wrong digest',
  'remove group',
  'remove group under a request',
] as const;

/** One upload by one client that may come back to any of two replicas, any of which may die. */
class Plan {
  readonly random: Random;
  readonly content: Buffer;
  readonly end: (typeof ENDS)[number];
  readonly #fixture: DepotFixture;
  readonly #replicas: UploadReplica[] = [];
  #id: UploadView['id'] | null = null;
  #offset = 0;

  constructor(fixture: DepotFixture, seed: number) {
    this.random = new Random(seed);
    this.content = randomBytes(1 + this.random.below(this.random.of(MAX_LENGTHS)!));
    this.end = this.random.of(ENDS)!;
    this.#fixture = fixture;
    this.#replicas.push(startUploadReplica(fixture), startUploadReplica(fixture));
  }

  async run(): Promise<void> {
    try {
      await this.#create();
      for (let left = 2 + this.random.below(6); left > 0; left -= 1) await this.#act(this.random.of(ACTIONS)!);
      await this.#conclude();
    } finally {
      for (const replica of this.#replicas) {
        await replica.leases.idle();
        await replica.close();
      }
    }
  }

  get #replica(): UploadReplica {
    return this.random.of(this.#replicas)!;
  }

  get #caller(): DepotFixture['root'] {
    return this.#fixture.root;
  }

  async #create(): Promise<void> {
    const digest = sha256(this.end === 'wrong digest' ? this.content.subarray(1) : this.content);
    const order = {
      name: 'image',
      group: this.#fixture.group.id,
      pool: ONE,
      type: 'DISK',
      length: bytes(this.content.length),
      readOnly: null,
      sha256: digest,
    };
    const [one, same] = await Promise.all([1, 2].map(async () => this.#replica.create.run(this.#caller, order)));
    expect(same!.id).toBe(one!.id);
    this.#id = one!.id;
  }

  /** Leaves the last byte for the end. */
  #next(): Buffer {
    const left = this.content.length - 1 - this.#offset;
    return this.content.subarray(this.#offset, this.#offset + this.random.below(left + 1));
  }

  async #append(
    source: ByteSource,
    length: number | null,
    checksum: AppendChecksum | null = null,
  ): Promise<UploadView> {
    const body: AppendBody = { source, length, checksum };
    const signal = new AbortController().signal;
    return until('the upload', async () => {
      try {
        return await this.#replica.append.run(this.#caller, this.#id, this.#offset, body, signal);
      } catch (error) {
        if (isFailure(error, 'upload-locked')) return null;
        throw error;
      }
    });
  }

  async #act(action: (typeof ACTIONS)[number]): Promise<void> {
    const part = this.#next();
    switch (action) {
      case 'send':
        this.#offset = (await this.#append(sourceOf(part), part.length)).offset;
        return;
      case 'cut':
        await expect(this.#append(failAfter(new Error('cut off'), part), null)).rejects.toThrow('cut off');
        this.#offset += part.length;
        break;
      case 'take over':
        await this.#takeOver(part);
        break;
      case 'kill':
        await this.#kill(part);
        break;
      case 'checksum':
      case 'wrong checksum': {
        const algorithm = this.random.of(['md5', 'sha1', 'sha256'] as const)!;
        const value = createHash(algorithm).update(part).digest();
        const isRight = action === 'checksum';
        const sent = this.#append(sourceOf(part), null, { algorithm, value: isRight ? value : value.reverse() });
        if (isRight) this.#offset = (await sent).offset;
        else await expect(sent).rejects.toMatchObject({ code: 'checksum-mismatch' });
        break;
      }
      case 'lower quota':
        // What was charged stays charged: the upload continues.
        await this.#fixture.setQuota(this.#fixture.group.id, bytes(1));
        break;
      case 'view':
    }
    expect(await this.#replica.view.run(this.#caller, this.#id)).toMatchObject({ offset: this.#offset, state: 'open' });
  }

  /** A request that brings nothing more is still there when the next one comes. */
  async #takeOver(part: Buffer): Promise<void> {
    const isStalled = gate();
    const body = { source: stallAfter(isStalled, part), length: null, checksum: null };
    const signal = new AbortController().signal;
    const sent = this.#replica.append.run(this.#caller, this.#id, this.#offset, body, signal);
    const silent = sent.catch((error: unknown) => error);
    await Promise.race([isStalled.opened, silent]);
    const offset = this.#offset + part.length;
    await until('what was sent', async () => {
      this.#offset = offset;
      try {
        const none = { source: sourceOf(this.content.subarray(offset, offset)), length: null, checksum: null };
        await this.#replica.append.run(this.#caller, this.#id, offset, none, signal);
        return true;
      } catch (error) {
        if (isFailure(error, 'upload-locked')) return null;
        throw error;
      }
    });
    await silent;
  }

  /** What it had written and not recorded is lost; its lease ends when its successor starts. */
  async #kill(part: Buffer): Promise<void> {
    const [dead] = this.#replicas.splice(this.random.below(this.#replicas.length), 1);
    const [isStalled, wire] = [gate(), new AbortController()];
    const body = { source: stallAfter(isStalled, part), length: null, checksum: null };
    const sent = dead!.append.run(this.#caller, this.#id, this.#offset, body, wire.signal);
    const ended = sent.catch((error: unknown) => error);
    await Promise.race([isStalled.opened, ended]);
    await dead!.kill();
    wire.abort(new Error('dead'));
    await ended;
    await reap(this.#fixture, dead!);
    this.#replicas.push(startUploadReplica(this.#fixture));
  }

  async #removeGroup(): Promise<void> {
    const { depot, group } = this.#fixture;
    await new RemoveGroup(depot.work, { wake: () => undefined }).run(this.#caller, group.id);
    await this.#replica.purge();
  }

  async #conclude(): Promise<void> {
    const rest = this.content.subarray(this.#offset);
    const { depot, group } = this.#fixture;
    switch (this.end) {
      case 'finish':
        expect(await this.#append(sourceOf(rest), rest.length)).toMatchObject({ state: 'finished', media: this.#id });
        expect((await this.#fixture.content(this.#id!)).equals(this.content)).toBe(true);
        expect(await this.#fixture.used()).toBe(this.content.length);
        return;
      case 'wrong digest':
        await expect(this.#append(sourceOf(rest), rest.length)).rejects.toMatchObject({ code: 'digest-mismatch' });
        break;
      case 'abort':
        await this.#replica.abort.run(this.#caller, this.#id);
        break;
      case 'expire':
        await depot.rows(`update uploads set expires_at = clock_timestamp() - interval '1 s'`);
        await this.#replica.tend.run();
        await this.#replica.purge();
        break;
      case 'remove group':
        await this.#removeGroup();
        break;
      case 'remove group under a request': {
        const isStalled = gate();
        const body = { source: stallAfter(isStalled, this.#next()), length: null, checksum: null };
        const sent = this.#replica.append.run(this.#caller, this.#id, this.#offset, body, NEVER);
        const ended = sent.catch((error: unknown) => error);
        await Promise.race([isStalled.opened, ended]);
        await this.#removeGroup();
        expect(await ended).toMatchObject({ code: 'upload-gone' });
        break;
      }
      case 'revoke':
        await depot.work.run(async (tx) => tx.assignments.store(group.id, ONE, { write: true, manage: false }));
        await expect(this.#append(sourceOf(rest), rest.length)).rejects.toMatchObject({ code: 'not-manager' });
    }
    const after = await this.#replica.view.run(this.#caller, this.#id).catch((error: unknown) => error);
    expect(isDomainError(after) && after.code).toBe('upload-gone');
    await this.#fixture.expectNothing();
  }
}

afterAll(closeTestBuckets);

describe.each(POOL_KINDS)('Resumable uploads on two replicas, on $name', ({ open }) => {
  const seeds = Array.from({ length: PLANS }, (_, at) => at + 1);
  it.each(seeds)('leave the item with exactly its bytes, or nothing: plan %i', async (seed) => {
    const fixture = await open();
    try {
      await new Plan(fixture, seed).run();
    } finally {
      await fixture.close();
    }
  });
});
