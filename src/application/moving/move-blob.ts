import { bytes } from '../../domain/shared/bytes.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { isDomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { BlobId, PoolId } from '../../domain/shared/ids.ts';
import type { StoredBlob } from '../../domain/media/media.ts';
import {
  copiesOf,
  blockerOf,
  isUnchanged,
  type Blocker,
  type OwnedBlob,
  type PlannedCopy,
} from '../../domain/pools/move-plan.ts';
import { statOf } from '../media/blob-stat.ts';
import type { BlobContent, BlobInventory, BlobStat, BlobStores, ByteSource } from '../ports/blob-store.ts';
import type { Digests } from '../ports/digests.ts';
import type { StoredCopy } from '../ports/move-repository.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** From which of its places to which a pool moves. */
export interface PoolMove {
  readonly pool: PoolId;
  readonly from: number;
  readonly to: number;
}

/**
 * What became of a blob: it moved, was gone, is on its way in or out, or has to stay for the reason
 * that `left` gives: a server has it, it changed meanwhile, its bytes are not there, not those of
 * its digest, or not the same after they were written, or the code of a failure.
 */
export type MoveOutcome =
  { readonly outcome: 'moved' | 'gone' | 'under-way' } | { readonly outcome: 'left'; readonly reason: string };

/** Hears how many bytes were read, again and again. */
export type ReportRead = (count: Bytes) => void;

class Unmovable extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * What is looked at once, before the copies are made, and has to be the same when they take its
 * place.
 */
interface CopySnapshot {
  readonly blob: OwnedBlob;
  readonly stored: StoredBlob;
  readonly stood: BlobStat;
  /** How many bytes are to be copied. */
  readonly length: Bytes;
  /** The digest that they must have; null where nobody knows. */
  readonly sha256: string | null;
  /** Whether nothing but zeros was ever there. */
  readonly empty: boolean;
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent & BlobInventory>;
  readonly digests: Digests;
  readonly rateLimiter: RateLimiter;
}

/** Moves one blob from one place of its pool to another, while everything goes on. */
export class MoveBlob {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobContent & BlobInventory>;
  readonly #digests: Digests;
  readonly #rateLimiter: RateLimiter;

  constructor({ work, stores, digests, rateLimiter }: Dependencies) {
    this.#work = work;
    this.#stores = stores;
    this.#digests = digests;
    this.#rateLimiter = rateLimiter;
  }

  /**
   * Resolves once it has moved, with its old bytes gone unless somebody may know an address of
   * theirs, or stayed as it was. Fails with `unavailable`, or with the signal's reason: then the
   * blob lies in one of the two places whole, and trying again is fine.
   */
  async run(route: PoolMove, id: BlobId, passed: ReportRead, signal: AbortSignal): Promise<MoveOutcome> {
    const [from, to] = this.#ends(route);
    const blob = await this.#find(id);
    const blocker = blockerOf(blob, route.from, !from.immutable);
    if (blob === null || blocker !== null) return movedBlob(blocker);
    const planned = copiesOf(blob, !to.immutable);
    let answer: MoveOutcome;
    try {
      const snapshot = await this.#look(route, blob);
      const copies: StoredCopy[] = [];
      for (const copy of planned) {
        copies.push({ ...copy, stored: await this.#copy(route, snapshot, copy, passed, signal) });
      }
      answer = await this.#switchOver(route, snapshot, copies);
    } catch (error) {
      answer = await this.#afterFailure(route, id, error, signal);
    }
    if (answer.outcome !== 'moved') await this.#forgetCopies(to, planned);
    else if (from.linkSeconds === 0) await from.remove(id);
    return answer;
  }

  #ends({ pool, from, to }: PoolMove): readonly [BlobContent, BlobContent & BlobInventory] {
    return [this.#stores.of(pool, from), this.#stores.of(pool, to)];
  }

  async #find(id: BlobId): Promise<OwnedBlob | null> {
    return this.#work.run(async (tx) => tx.moves.find(id));
  }

  async #look({ pool, from }: PoolMove, blob: OwnedBlob): Promise<CopySnapshot> {
    const { stored } = blob;
    const stood = stored && (await statOf(this.#stores, { pool, location: from, blob: blob.id }, stored));
    if (stored === null || stood === null) throw new Unmovable('bytes-missing');
    const isTouched = blob.owners.some(({ readOnly }) => !readOnly) && stood.fingerprint !== stored.fingerprint;
    const length = isTouched ? stood.storedBytes : stored.storedBytes;
    if (stood.storedBytes < length) throw new Unmovable('bytes-missing');
    const sha256 = isTouched ? null : stored.sha256;
    return { blob, stored, stood, length, sha256, empty: !isTouched && length === 0 && sha256 === null };
  }

  /** A copy that others than the media's own replica left half made is begun anew. */
  async #copy(
    route: PoolMove,
    snapshot: CopySnapshot,
    { blob, owners, room }: PlannedCopy,
    passed: ReportRead,
    signal: AbortSignal,
  ): Promise<StoredBlob> {
    const [from, to] = this.#ends(route);
    const { length } = snapshot;
    await to.clear(blob);
    const writable = room !== null;
    if (snapshot.empty) return to.allocate(blob, room ?? largestOf(snapshot.blob, owners), writable);
    to.requireWritable(length);
    const areFiles = !from.immutable && !to.immutable;
    const writer = to.writer(blob, length, { sparse: true, writable });
    let sha256: string;
    try {
      const source = await from.read(snapshot.blob.id, { from: 0, to: length }, signal);
      sha256 = await writer.write(this.#limited(source, areFiles, passed, signal), signal);
      if (snapshot.sha256 !== null && sha256 !== snapshot.sha256) throw new Unmovable('damaged');
      await writer.commit();
    } catch (error) {
      await writer.cancel();
      throw error;
    }
    if (room !== null && room > length) await to.resize(blob, room);
    const kept = await to.read(blob, { from: 0, to: length }, signal);
    if ((await this.#digests.sha256Of(this.#limited(kept, !to.immutable, none, signal))) !== sha256)
      throw new Unmovable('not-kept');
    const stat = await to.stat(blob);
    if (stat === null || stat.storedBytes < length) throw new Unmovable('not-kept');
    return { storedBytes: length, sha256, fingerprint: stat.fingerprint };
  }

  /** Zeros of files are holes, or become some: they cost next to nothing. */
  async *#limited(source: ByteSource, areHoles: boolean, passed: ReportRead, signal: AbortSignal): ByteSource {
    for await (const chunk of source) {
      yield chunk;
      passed(bytes(chunk.length));
      await this.#rateLimiter.waitFor(bytes(areHoles && isZero(chunk) ? 0 : chunk.length), signal);
    }
  }

  /** One transaction, in which everything has to be as it was before the copies were made. */
  async #switchOver(
    route: PoolMove,
    { blob, stood }: CopySnapshot,
    copies: readonly StoredCopy[],
  ): Promise<MoveOutcome> {
    const [from] = this.#ends(route);
    return this.#work.run(async (tx): Promise<MoveOutcome> => {
      const now = await tx.moves.lock(blob.id);
      const blocker = blockerOf(now, route.from, !from.immutable);
      if (now === null || blocker !== null) return movedBlob(blocker);
      if (!isUnchanged(blob, now)) return { outcome: 'under-way' };
      // A look at a file, not at its bytes: only while the media are locked it is certain that
      // nobody gets to write to them in place.
      const still = from.immutable ? stood : await from.stat(blob.id);
      if (still?.fingerprint !== stood.fingerprint) return { outcome: 'left', reason: 'changed' };
      return { outcome: (await tx.moves.switchOver(blob, route.to, copies)) ? 'moved' : 'under-way' };
    });
  }

  /**
   * Asks the database what is true: a lost answer to COMMIT may have been a success, and media that
   * are removed take their bytes along.
   */
  async #afterFailure(route: PoolMove, id: BlobId, error: unknown, signal: AbortSignal): Promise<MoveOutcome> {
    signal.throwIfAborted();
    const [from] = this.#ends(route);
    const now = await this.#find(id);
    if (now?.location === route.to) return { outcome: 'moved' };
    const blocker = blockerOf(now, route.from, !from.immutable);
    if (blocker !== null) return movedBlob(blocker);
    if (error instanceof Unmovable) return { outcome: 'left', reason: error.reason };
    if (!isDomainError(error) || isFailure(error, 'unavailable')) throw error;
    return { outcome: 'left', reason: error.code };
  }

  /**
   * Copies under ids that no row names, which nobody else can come by. Those of a blob that stayed
   * are written over the next time.
   */
  async #forgetCopies(to: BlobContent, copies: readonly PlannedCopy[]): Promise<void> {
    for (const { blob } of copies) if ((await this.#find(blob)) === null) await to.remove(blob);
  }
}

function movedBlob(blocker: Blocker): MoveOutcome {
  if (blocker === 'attached') return { outcome: 'left', reason: blocker };
  return { outcome: blocker ?? 'gone' };
}

function largestOf({ owners }: OwnedBlob, among: PlannedCopy['owners']): Bytes {
  return bytes(Math.max(0, ...owners.filter(({ id }) => among.includes(id)).map(({ size }) => size)));
}

function isZero(chunk: Uint8Array): boolean {
  return !chunk.some((byte) => byte !== 0);
}

function none(): void {
  // What is read back is not told.
}
