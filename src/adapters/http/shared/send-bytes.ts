import type { Request, Response } from 'express';
import type { BlobBytes } from '../../../application/ports/blob-store.ts';
import { isFailure } from '../../../domain/shared/domain-error.ts';
import { signalOf } from './abort.ts';
import { limitUnreadTime } from './answer.ts';
import { MinimumRate, type MinimumRateLimits } from './minimum-rate.ts';
import { countFailure, countSent } from './request-count.ts';
import { reportFailure } from './request-log.ts';

/** The most that a timer can wait. Milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Ends a response with the `length` bytes of a source, one chunk after the other, and gives each
 * back once it is gone: however slow the client, it holds one chunk and what the source has read
 * ahead. Never fails: what the source fails with is written down, and breaks the connection, so
 * that nobody takes a part for the whole. So does a client that is slower than its limits.
 */
export async function sendBytes(
  source: BlobBytes,
  length: number,
  request: Request,
  response: Response,
  limits: MinimumRateLimits,
): Promise<void> {
  const minimumRate = new MinimumRate(limits);
  limitUnreadTime(response, minimumRate.maxWaitMs);
  const signal = signalOf(request, response);
  const iterator = source[Symbol.asyncIterator]();
  const write = writerOf(response, signal);
  let whole = length === 0;
  if (whole) response.end();
  try {
    for (let left = length; left > 0;) {
      const result = await iterator.next();
      if (result.done === true) throw new Error(`a source ended ${left} bytes early`);
      const chunk = result.value;
      left -= chunk.length;
      countSent(response, chunk.length);
      const begun = performance.now();
      const taken = write(chunk);
      const late = setTimeout(
        () => request.socket.destroy(),
        Math.min(minimumRate.maxWaitForMs(chunk.length), MAX_TIMER_MS),
      );
      // With the last byte, not after it: somebody who hangs up then has everything.
      if (left === 0) response.end();
      const isTaken = await taken;
      clearTimeout(late);
      if (!isTaken) break;
      source.release?.(chunk);
      if (!minimumRate.record(chunk.length, performance.now() - begun)) break;
      whole = left === 0;
    }
  } catch (error) {
    // The connection breaks, and nobody hears why. Whoever hung up has not found a fault of ours.
    if (!signal.aborted) {
      countFailure(response, error);
      reportFailure(response, isFailure(error, 'unavailable') ? 'warn' : 'error', error, 'an answer broke off');
    }
  }
  if (!whole) response.destroy();
  finishSource(iterator, whole);
}

/**
 * Writes chunks one after the other, and answers of each whether the connection took it: only then
 * does nobody need it any more.
 */
function writerOf(response: Response, signal: AbortSignal): (chunk: Uint8Array) => Promise<boolean> {
  let answer: (taken: boolean) => void = () => undefined;
  // A connection that is destroyed may forget to say what became of a write. Where the answer was
  // ended, the signal does not abort: an answer without a connection counts as sent.
  signal.addEventListener('abort', () => answer(false), { once: true });
  response.once('close', () => answer(false));
  return async (chunk) =>
    new Promise((resolve) => {
      answer = resolve;
      if (signal.aborted || response.destroyed) resolve(false);
      else response.write(chunk, (error) => resolve(error == null));
    });
}

/**
 * Where all of it was sent to its end, so that what it comes from can be used again. Nobody waits
 * for that.
 */
function finishSource(iterator: AsyncIterator<Uint8Array>, whole: boolean): void {
  void Promise.resolve(whole ? iterator.next() : undefined)
    .then(() => iterator.return?.())
    .catch(() => undefined);
}
