import type { Request, RequestHandler, Response } from 'express';
import type { Caller } from '../../../domain/access/caller.ts';
import { signalOf } from '../shared/abort.ts';
import { answerStreamed, answerJson } from '../shared/answer.ts';
import type { StreamedList } from '../shared/streamed-list.ts';
import { callerOf } from './authenticate.ts';
import { fieldsOf, type Projectable, project } from './fields.ts';

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
  /** Replaces `body`. */
  readonly stream?: StreamedList;
}

/** Returns the handler of a call. */
export function call(run: (call: Call) => Promise<Reply>): RequestHandler {
  return async (request: Request, response: Response): Promise<void> => {
    const {
      status,
      body,
      stream: long,
    } = await run({
      caller: callerOf(response),
      request,
      signal: signalOf(request, response),
    });
    if (long !== undefined) await answerStreamed(request, response, status, long);
    else if (body === null) response.status(status).end();
    else answerJson(request, response, status, body);
  };
}

/** Answers a single object, bare, with the fields that the request asks for. */
export function bare({ request }: Call, object: Projectable): Reply {
  return { status: 200, body: project(object, fieldsOf(request)) };
}

/** Answers the objects of a create or an action. */
export function wrapped(status: 201 | 202, objects: readonly Projectable[]): Reply {
  return { status, body: { objects } };
}

/** The answer to a deletion. */
export const NO_CONTENT: Reply = { status: 204, body: null };
