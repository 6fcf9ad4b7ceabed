import type { Request, RequestHandler, Response } from 'express';
import type { Caller } from '../../../domain/access/caller.ts';
import { signalOf } from '../shared/abort.ts';
import { answerJson, answerStreamed, announcesBody } from '../shared/answer.ts';
import { knownCaller } from '../shared/callers.ts';
import { StreamedList } from '../shared/streamed-list.ts';

/** A call of a known caller, with its JSON body, if any, in `request.body`. */
export interface Call {
  readonly caller: Caller;
  readonly request: Request;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
}

/** The answer to a call: JSON, or no content. */
export interface Reply {
  readonly status: number;
  readonly body: object | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** The media type of the body; JSON by default. */
  readonly type?: string;
}

/** Returns the handler of a call that needs credentials. */
export function call(run: (call: Call) => Promise<Reply>): RequestHandler {
  return openCall(async (request, response) => {
    const caller = knownCaller(request);
    if (caller === null) throw new Error('the call is open, but its handler needs a caller');
    return run({ caller, request, signal: signalOf(request, response) });
  });
}

/** Returns the handler of a call that needs no credentials. */
export function openCall(run: (request: Request, response: Response) => Promise<Reply>): RequestHandler {
  return async (request, response) => {
    await answer(request, response, await run(request, response));
  };
}

/** The answer to a call without a result. */
export const NO_CONTENT: Reply = { status: 204, body: null };

async function answer(
  request: Request,
  response: Response,
  { status, body, headers = {}, type }: Reply,
): Promise<void> {
  response.set(headers);
  if (body instanceof StreamedList) {
    await answerStreamed(request, response, status, body);
  } else if (body !== null) {
    answerJson(request, response, status, body, type);
  } else {
    // The rest of the body is not read: see `Lingering`.
    if (announcesBody(request) && !request.readableEnded) response.set('Connection', 'close');
    response.status(status).end();
  }
}
