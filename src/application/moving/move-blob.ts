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
import { copyVerified, CopyFault } from '../integrity/copy-verified.ts';

/** The locations that a pool moves from and to. */
export interface PoolMove {
  readonly pool: PoolId;
  readonly from: number;
  readonly to: number;
}

/**
 * The outcome of moving one blob: moved, removed meanwhile, being written or deleted, or left for a
 * reason: a server has it attached, it changed meanwhile, its bytes are missing, differ from their
 * digest or changed when they were written, or the code of a failure.
 */
export type MoveOutcome =
  { readonly outcome: 'moved' | 'gone' | 'under-way' } | { readonly outcome: 'left'; readonly reason: string };

/** Called repeatedly with the number of bytes read since the last call. */
export type ReportRead = (count: Bytes) => void;

class CannotMove extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** The state of a blob before it is copied; it must be the same when the copies replace it. */
interface CopySnapshot {
  readonly blob: OwnedBlob;
  readonly stored: StoredBlob;
  readonly stat: BlobStat;
  /** The number of bytes to copy. */
  readonly copiedBytes: Bytes;
  /** Their expected digest; null if unknown. */
  readonly sha256: string | null;
  /** Whether it holds nothing but zeros. */
  readonly empty: boolean;
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent & BlobInventory>;
  readonly digests: Digests;
  readonly rateLimiter: RateLimiter;
}

/** Moves one blob from one location of its pool to another, while the service runs. */
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
   * Resolves when the blob has moved, or was left as it was. Deletes the old bytes, unless
   * presigned URLs to them may exist.
   *
   * @throws `unavailable`, or the signal's reason; then one location holds the whole blob, and it
   *   can be tried again
   */
  async run(route: PoolMove, id: BlobId, onRead: ReportRead, signal: AbortSignal): Promise<MoveOutcome> {
    const [from, to] = this.#ends(route);
    const blob = await this.#find(id);
    const blocker = blockerOf(blob, route.from, !from.immutable);
    if (blob === null || blocker !== null) return movedBlob(blocker);
    const planned = copiesOf(blob, !to.immutable);
    let outcome: MoveOutcome;
    try {
      const snapshot = await this.#snapshotOf(route, blob);
      const copies: StoredCopy[] = [];
      for (const copy of planned) {
        copies.push({ ...copy, stored: await this.#copy(route, snapshot, copy, onRead, signal) });
      }
      outcome = await this.#switchOver(route, snapshot, copies);
    } catch (error) {
      outcome = await this.#afterFailure(route, id, error, signal);
    }
    if (outcome.outcome !== 'moved') await this.#forgetCopies(to, planned);
    else if (from.linkSeconds === 0) await from.remove(id);
    return outcome;
  }

  #ends({ pool, from, to }: PoolMove): readonly [BlobContent, BlobContent & BlobInventory] {
    return [this.#stores.of(pool, from), this.#stores.of(pool, to)];
  }

  async #find(id: BlobId): Promise<OwnedBlob | null> {
    return this.#work.run(async (tx) => tx.moves.find(id));
  }

  async #snapshotOf({ pool, from }: PoolMove, blob: OwnedBlob): Promise<CopySnapshot> {
    const { stored } = blob;
    const stat = stored && (await statOf(this.#stores, { pool, location: from, blob: blob.id }, stored));
    if (stored === null || stat === null) throw new CannotMove('bytes-missing');
    const isTouched = blob.owners.some(({ readOnly }) => !readOnly) && stat.fingerprint !== stored.fingerprint;
    const length = isTouched ? stat.storedBytes : stored.storedBytes;
    if (stat.storedBytes < length) throw new CannotMove('bytes-missing');
    const sha256 = isTouched ? null : stored.sha256;
    return {
      blob,
      stored,
      stat,
      copiedBytes: length,
      sha256,
      empty: !isTouched && length === 0 && sha256 === null,
    };
  }

  /** Overwrites an incomplete copy of an earlier attempt. */
  async #copy(
    route: PoolMove,
    snapshot: CopySnapshot,
    { blob, owners, room }: PlannedCopy,
    onRead: ReportRead,
    signal: AbortSignal,
  ): Promise<StoredBlob> {
    const [from, to] = this.#ends(route);
    if (snapshot.empty) {
      await to.clear(blob);
      return to.allocate(blob, room ?? largestOf(snapshot.blob, owners), room !== null);
    }
    const passage = {
      copied: (source: ByteSource, areHoles: boolean) => this.#limited(source, areHoles, onRead, signal),
      verified: (source: ByteSource, areHoles: boolean) => this.#limited(source, areHoles, ignoreProgress, signal),
    };
    const copy = { from, to, source: snapshot.blob.id, target: blob, length: snapshot.copiedBytes, room };
    return copyVerified({ ...copy, sha256: snapshot.sha256 }, passage, this.#digests, signal);
  }

  /** Zeros do not count for the rate: in files they are holes, or become holes. */
  async *#limited(source: ByteSource, areHoles: boolean, onRead: ReportRead, signal: AbortSignal): ByteSource {
    for await (const chunk of source) {
      yield chunk;
      onRead(bytes(chunk.length));
      await this.#rateLimiter.waitFor(bytes(areHoles && isZero(chunk) ? 0 : chunk.length), signal);
    }
  }

  /**
   * Replaces the blob by its copies in one transaction, in which everything must be as it was
   * before the copying.
   */
  async #switchOver(
    route: PoolMove,
    { blob, stat }: CopySnapshot,
    copies: readonly StoredCopy[],
  ): Promise<MoveOutcome> {
    const [from] = this.#ends(route);
    return this.#work.run(async (tx): Promise<MoveOutcome> => {
      const now = await tx.moves.lock(blob.id);
      const blocker = blockerOf(now, route.from, !from.immutable);
      if (now === null || blocker !== null) return movedBlob(blocker);
      if (!isUnchanged(blob, now)) return { outcome: 'under-way' };
      // Reads the stat, not the bytes. Only the lock on the item ensures that no hypervisor gets to
      // write in place.
      const current = from.immutable ? stat : await from.stat(blob.id);
      if (current?.fingerprint !== stat.fingerprint) return { outcome: 'left', reason: 'changed' };
      return { outcome: (await tx.moves.switchOver(blob, route.to, copies)) ? 'moved' : 'under-way' };
    });
  }

  /**
   * Reads the state of the blob after a failure: a COMMIT whose reply was lost may have succeeded,
   * and a removed item takes its bytes along.
   */
  async #afterFailure(route: PoolMove, id: BlobId, error: unknown, signal: AbortSignal): Promise<MoveOutcome> {
    signal.throwIfAborted();
    const [from] = this.#ends(route);
    const now = await this.#find(id);
    if (now?.location === route.to) return { outcome: 'moved' };
    const blocker = blockerOf(now, route.from, !from.immutable);
    if (blocker !== null) return movedBlob(blocker);
    if (error instanceof CannotMove || error instanceof CopyFault) return { outcome: 'left', reason: error.reason };
    if (!isDomainError(error) || isFailure(error, 'unavailable')) throw error;
    return { outcome: 'left', reason: error.code };
  }

  /**
   * Deletes copies whose ids no row names; no other process can find them. Copies of a blob that
   * was left are overwritten by the next attempt.
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

function ignoreProgress(): void {
  // The progress counts the first reading only.
}
