import type { Damage } from '../../domain/media/damage.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import { reported } from '../../domain/shared/reported.ts';
import { faultsOf } from '../integrity/blob-faults.ts';
import { requireOwnMarker, type ClaimedStore } from '../integrity/claimed-store.ts';
import type { Digests } from '../ports/digests.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { ScrubRecord } from '../ports/scrub-repository.ts';

/** Reads the bytes of a blob again, at a limited rate, and compares them with their digest. */
export class CheckBytes {
  readonly #digests: Digests;
  readonly #rateLimiter: RateLimiter;

  constructor(digests: Digests, rateLimiter: RateLimiter) {
    this.#digests = digests;
    this.#rateLimiter = rateLimiter;
  }

  /**
   * Returns the damage, or null. Bytes without a digest are only checked for their length. `onRead`
   * is called with the number of bytes read.
   *
   * @throws `unavailable` if the pool cannot be reached or lost its marker, or the signal's
   *   reason
   */
  async run(
    store: ClaimedStore,
    record: ScrubRecord,
    onRead: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<Damage | null> {
    const damage = (await measure(store, record)) ?? (await this.#read(store, record, onRead, signal));
    if (damage === null) return null;
    await requireOwnMarker(store);
    // A dying disk may still report old data, but accepts no writes.
    if (damage === 'unreadable') await store.store.probe();
    return damage;
  }

  async #read(
    { store }: ClaimedStore,
    { id, storedBytes, sha256 }: ScrubRecord,
    onRead: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<Damage | null> {
    if (sha256 === null || storedBytes === null) return null;
    try {
      const source = await store.read(id, { from: 0, to: storedBytes }, signal);
      const limited = reported(source, async (_read, since) => {
        onRead(since);
        await this.#rateLimiter.waitFor(since, signal);
      });
      return (await this.#digests.sha256Of(limited)) === sha256 ? null : 'different';
    } catch (error) {
      if (isFailure(error, 'bytes-damaged')) return 'unreadable';
      if (isFailure(error, 'bytes-missing')) return 'missing';
      throw error;
    }
  }
}

/**
 * Detects damage without reading the bytes. In an immutable store only the recorded bytes are
 * served, so surplus bytes do no harm.
 */
async function measure({ store }: ClaimedStore, record: ScrubRecord): Promise<Damage | null> {
  const stat = await store.stat(record.id);
  const entry = { id: record.id, storedBytes: stat?.storedBytes ?? null, incompleteWrites: 0 };
  for (const { kind } of faultsOf(record, entry, store)) {
    if (kind === 'bytes-missing') return 'missing';
    if (kind === 'bytes-too-few') return 'too-few';
    if (kind === 'bytes-too-many' && store.immutable) return 'too-many';
  }
  return null;
}
