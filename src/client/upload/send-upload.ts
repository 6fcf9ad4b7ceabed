import { setTimeout as delay } from 'node:timers/promises';
import type { Server } from '../api/http.ts';
import { ApiProblem } from '../api/problem.ts';
import { CommandFailure } from '../command-failure.ts';
import type { Transfer } from '../terminal/transfers.ts';
import { appendTo, stateOf, type UploadState } from './tus.ts';
import type { UploadSource } from './upload-source.ts';

export interface SendTerms {
  readonly server: Server;
  /** The path of the upload. */
  readonly location: string;
  readonly source: UploadSource;
  readonly transfer: Transfer;
  /** How long to go on without a byte of progress. */
  readonly patienceSeconds: number;
  readonly signal: AbortSignal;
}

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5_000;
/** What a later attempt may overcome, besides what is wrong with the network. */
const PASSING: readonly number[] = [408, 409, 423, 429, 460];

/**
 * Sends the bytes of an upload from where the server is, and returns the id of the finished item.
 * Goes on after broken connections and restarts of the server.
 *
 * @throws ApiProblem when the upload is refused or has ended; network without progress for too long
 */
export async function sendUpload(terms: SendTerms): Promise<string> {
  const { transfer, patienceSeconds, signal } = terms;
  let reached = -1;
  let progressAt = performance.now();
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    try {
      const state = await step(terms, (upTo) => {
        if (upTo <= reached) return;
        [reached, progressAt, pause] = [upTo, performance.now(), FIRST_PAUSE_MS];
      });
      if (state.media !== null) return state.media;
    } catch (error) {
      if (signal.aborted || !isPassing(error)) throw error;
      if (performance.now() - progressAt > patienceSeconds * 1000) throw givenUp(error);
      transfer.note(`waiting: ${error.message}`);
      await delay(Math.max(pause, (retryAfter(error) ?? 0) * 1000), undefined, { signal });
      pause = Math.min(pause * 2, MAX_PAUSE_MS);
    }
  }
}

/** Asks how far the upload is, and sends what comes next. */
async function step(terms: SendTerms, progress: (durable: number) => void): Promise<UploadState> {
  const { server, location, source, transfer, signal } = terms;
  const before = await stateOf(server, location, signal);
  progress(before.offset);
  transfer.note('');
  transfer.moved(before.offset);
  if (before.media !== null) return before;
  const { length, body } = await unlessAborted(source.from(before.offset, transfer.moved.bind(transfer)), signal);
  const after = await appendTo(server, location, { offset: before.offset, length, body }, signal);
  progress(after.offset);
  transfer.moved(after.offset);
  return after;
}

/** Rejects at once when the signal aborts: a terminal or a pipe may send nothing for ever. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const listening = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true, signal: listening.signal });
    if (signal.aborted) abort();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    listening.abort();
  }
}

function isPassing(error: unknown): error is CommandFailure {
  if (error instanceof ApiProblem && PASSING.includes(error.status)) return true;
  return error instanceof CommandFailure && error.reason === 'network';
}

function retryAfter(error: CommandFailure): number | null {
  return error instanceof ApiProblem ? error.retryAfterSeconds : null;
}

function givenUp(cause: CommandFailure): CommandFailure {
  return new CommandFailure('network', cause.message, 'Run the same command again to go on.', cause);
}
