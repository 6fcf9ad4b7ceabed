import type { Damage } from '../../domain/media/damage.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import { reported } from '../../domain/shared/reported.ts';
import { faultsOf } from '../integrity/blob-faults.ts';
import { requireOwnMarker, type ClaimedStore } from '../integrity/claimed-store.ts';
import type { Digests } from '../ports/digests.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { ScrubRecord } from '../ports/scrub-repository.ts';

/** Reads the bytes of a blob again, at a pace, and compares them with what came in. */
export class CheckBytes {
  readonly #digests: Digests;
  readonly #rateLimiter: RateLimiter;

  constructor(digests: Digests, rateLimiter: RateLimiter) {
    this.#digests = digests;
    this.#rateLimiter = rateLimiter;
  }

  /**
   * Answers what is wrong with them, or null. Of bytes that nobody counted as they came in it can
   * only say whether there are enough. `passed` hears how many bytes were read. Fails with
   * `unavailable` where they can't be reached, or the place is not there any more, and with the
   * signal's reason.
   */
  async run(
    store: ClaimedStore,
    record: ScrubRecord,
    passed: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<Damage | null> {
    const damage = (await measure(store, record)) ?? (await this.#read(store, record, passed, signal));
    if (damage === null) return null;
    await requireOwnMarker(store);
    // A disk that died may still tell what it told before, but takes nothing in.
    if (damage === 'unreadable') await store.store.probe();
    return damage;
  }

  async #read(
    { store }: ClaimedStore,
    { id, storedBytes, sha256 }: ScrubRecord,
    passed: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<Damage | null> {
    if (sha256 === null || storedBytes === null) return null;
    try {
      const source = await store.read(id, { from: 0, to: storedBytes }, signal);
      const limited = reported(source, async (_read, since) => {
        passed(since);
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
 * What can be told without reading. Where only what came in is ever served, nothing behind it does
 * harm.
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
