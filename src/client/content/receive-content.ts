import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from '../api/api.ts';
import { connectionFailure, sendRequest, sendTo } from '../api/http.ts';
import { ApiProblem, problemOf } from '../api/problem.ts';
import { CommandFailure } from '../command-failure.ts';
import type { Transfer } from '../terminal/transfers.ts';
import { contentPath, type ContentFacts } from './content-facts.ts';

/** Where downloaded bytes go. */
export interface ContentTarget {
  readonly length: number;
  append(chunk: Buffer): Promise<void>;
  /** Begins again, because the server has other bytes than before. */
  clear(): Promise<void>;
}

export interface ReceiveTerms {
  readonly api: Api;
  readonly media: string;
  readonly facts: ContentFacts;
  readonly target: ContentTarget;
  readonly transfer: Transfer;
  /** How long to go on without a byte of progress. */
  readonly patienceSeconds: number;
  readonly signal: AbortSignal;
}

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5_000;

/**
 * Receives the bytes of an item from where the target is. Goes on after broken connections and
 * restarts of the server.
 *
 * @throws network without progress for too long
 */
export async function receiveContent(terms: ReceiveTerms): Promise<void> {
  const { facts, target, transfer, patienceSeconds, signal } = terms;
  let reached = target.length;
  let progressAt = performance.now();
  let pause = FIRST_PAUSE_MS;
  while (target.length < facts.size) {
    try {
      await receiveOnce(terms);
    } catch (error) {
      if (signal.aborted || !isPassing(error)) throw error;
      if (target.length > reached) [reached, progressAt, pause] = [target.length, performance.now(), FIRST_PAUSE_MS];
      if (performance.now() - progressAt > patienceSeconds * 1000) {
        throw new CommandFailure('network', error.message, 'Run the same command again to go on.', error);
      }
      transfer.note(`waiting: ${error.message}`);
      await delay(pause, undefined, { signal });
      pause = Math.min(pause * 2, MAX_PAUSE_MS);
    }
  }
}

async function receiveOnce({ api, media, facts, target, transfer, signal }: ReceiveTerms): Promise<void> {
  const response = await openFrom(api, media, target.length, facts.etag, signal);
  if (response.statusCode === 200 && target.length > 0) await target.clear();
  transfer.note('');
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      await target.append(chunk);
      transfer.moved(target.length);
    }
  } catch (error) {
    if (signal.aborted || isFaultOfDisk(error)) throw error;
    throw connectionFailure(api.server.url, error);
  }
  if (target.length > facts.size) {
    await target.clear();
    throw new CommandFailure('failed', 'the item changed while it was downloaded', 'Download it again.');
  }
}

/** Other servers do not know the ETags of Platter: a redirect is for requests without one. */
async function openFrom(
  api: Api,
  media: string,
  from: number,
  etag: string | null,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const range = from === 0 ? {} : { range: `bytes=${from}-`, ...(etag === null ? {} : { 'if-range': etag }) };
  const response = await sendRequest(api.server, { method: 'GET', path: contentPath(media), headers: range, signal });
  const { statusCode = 0, headers } = response;
  if (statusCode < 300) return response;
  if (headers.location === undefined) throw await problemOf(response);
  response.resume();
  const target = new URL(headers.location, api.server.url);
  const redirected = await sendTo(target, {
    method: 'GET',
    headers: from === 0 ? {} : { range: `bytes=${from}-` },
    signal,
  });
  if ((redirected.statusCode ?? 0) >= 300) throw await problemOf(redirected);
  return redirected;
}

function isPassing(error: unknown): error is CommandFailure {
  if (error instanceof ApiProblem && (error.status === 429 || error.status === 423)) return true;
  return error instanceof CommandFailure && error.reason === 'network';
}

function isFaultOfDisk(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EIO', 'EFBIG'].includes(String((error as NodeJS.ErrnoException).code));
}
