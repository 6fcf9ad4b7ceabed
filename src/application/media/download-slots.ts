import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { BlobBytes } from '../ports/blob-store.ts';
import type { Metrics } from '../ports/metrics.ts';
import { FairSlots, type Release } from '../shares/fair-slots.ts';
import { shareholderOf } from '../shares/shareholder.ts';

const RETRY_AFTER_SECONDS = 10;

/** Bounds how many downloads this process sends at once, in all, to one user and to one tenant. */
export class DownloadSlots {
  readonly #slots: FairSlots;
  readonly #metrics: Metrics;

  constructor(maxDownloads: number, metrics: Metrics) {
    this.#slots = new FairSlots(maxDownloads);
    this.#metrics = metrics;
  }

  /**
   * Opens bytes for a caller. They count as a download until they were iterated to their end or
   * left, or `signal` aborts. What the program reads for itself does not count.
   *
   * @throws `unavailable` when there are as many downloads as there may be, and what `open` throws
   */
  async open(caller: Caller, signal: AbortSignal, open: () => Promise<BlobBytes>): Promise<BlobBytes> {
    if (caller.origin === undefined) return open();
    const end = this.#begin(caller);
    signal.addEventListener('abort', end, { once: true });
    try {
      return untilLeft(await open(), end);
    } catch (error) {
      end();
      throw error;
    }
  }

  #begin(caller: Caller): Release {
    const release = this.#slots.tryAcquire(shareholderOf(caller));
    if (release === null) {
      this.#metrics.downloadTurnedAway();
      throw new DomainError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    const ended = this.#metrics.downloadBegun();
    let isUnderWay = true;
    return () => {
      if (!isUnderWay) return;
      isUnderWay = false;
      release();
      ended();
    };
  }
}

/** The same bytes; calls `end` once they were iterated to their end, failed, or were left. */
function untilLeft(bytes: BlobBytes, end: () => void): BlobBytes {
  return {
    [Symbol.asyncIterator]: () => {
      const iterator = bytes[Symbol.asyncIterator]();
      return {
        next: async () => {
          const result = await iterator.next().catch((error: unknown) => {
            end();
            throw error;
          });
          if (result.done === true) end();
          return result;
        },
        return: async () => {
          end();
          await iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
    ...(bytes.release === undefined ? {} : { release: (chunk) => bytes.release?.(chunk) }),
  };
}
