import type { Request, Response } from 'express';
import type { BlobBytes } from '../../../application/ports/blob-store.ts';
import { isFailure } from '../../../domain/shared/domain-error.ts';
import { signalOf } from './abort.ts';
import { limitUnreadTime } from './answer.ts';
import { MinimumRate, type MinimumRateLimits } from './minimum-rate.ts';
import { countFailure, countSent } from './request-count.ts';
import { reportFailure } from './request-log.ts';

/** The longest delay of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Sends `length` bytes of a source and ends the response. Returns each chunk to the source when it
 * is sent, so that a slow client holds one chunk and the read-ahead of the source.
 *
 * Never rejects. A failure of the source is logged and destroys the connection, so that the client
 * sees an incomplete answer; a client below its minimum rate is disconnected too.
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
  let isComplete = length === 0;
  if (isComplete) response.end();
  try {
    for (let left = length; left > 0;) {
      const result = await iterator.next();
      if (result.done === true) throw new Error(`a source ended ${left} bytes early`);
      const chunk = result.value;
      left -= chunk.length;
      countSent(response, chunk.length);
      const begun = performance.now();
      const accepted = write(chunk);
      const late = setTimeout(
        () => request.socket.destroy(),
        Math.min(minimumRate.maxWaitForMs(chunk.length), MAX_TIMER_MS),
      );
      // Together with the last byte: a client that disconnects then has everything.
      if (left === 0) response.end();
      const isAccepted = await accepted;
      clearTimeout(late);
      if (!isAccepted) break;
      source.release?.(chunk);
      if (!minimumRate.record(chunk.length, performance.now() - begun)) break;
      isComplete = left === 0;
    }
  } catch (error) {
    // The client cannot be told the reason. A client that disconnected is not a fault of the
    // server.
    if (!signal.aborted) {
      countFailure(response, error);
      reportFailure(response, isFailure(error, 'unavailable') ? 'warn' : 'error', error, 'an answer was cut off');
    }
  }
  if (!isComplete) response.destroy();
  finishSource(iterator, isComplete);
}

/**
 * Returns a function that writes a chunk and resolves when it may be reused: true when the
 * connection has taken it, false when it was destroyed.
 */
function writerOf(response: Response, signal: AbortSignal): (chunk: Uint8Array) => Promise<boolean> {
  let answer: (taken: boolean) => void = () => undefined;
  // A destroyed connection may never call back a write. After the response has ended, the signal
  // does not abort: a response without a connection counts as sent.
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
 * Reads a fully sent source to its end, so that it can be reused; closes another one. Not awaited.
 */
function finishSource(iterator: AsyncIterator<Uint8Array>, whole: boolean): void {
  void Promise.resolve(whole ? iterator.next() : undefined)
    .then(() => iterator.return?.())
    .catch(() => undefined);
}
