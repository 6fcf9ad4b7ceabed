import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { BlobBytes } from '../ports/blob-store.ts';
import type { Metrics } from '../ports/metrics.ts';
import { FairSlots, type Release } from '../shares/fair-slots.ts';
import { shareholderOf } from '../shares/shareholder.ts';

const RETRY_AFTER_SECONDS = 10;

/** Limits the concurrent downloads of this process: in all, per user and per tenant. */
export class DownloadSlots {
  readonly #slots: FairSlots;
  readonly #metrics: Metrics;

  constructor(maxDownloads: number, metrics: Metrics) {
    this.#slots = new FairSlots(maxDownloads);
    this.#metrics = metrics;
  }

  /**
   * Opens bytes for a caller. The download holds a slot until the bytes were iterated to their end
   * or abandoned, or `signal` aborts. Reads of the program itself need no slot.
   *
   * @throws `unavailable` when no slot is free, and what `open` throws
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

/**
 * Returns the same bytes; calls `end` when they were iterated to their end, failed or were
 * abandoned.
 */
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
