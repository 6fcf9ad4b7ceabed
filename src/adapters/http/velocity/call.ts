import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { Caller } from '../../../domain/access/caller.ts';
import { answerStreamed, answerJson } from '../shared/answer.ts';
import { signalOf } from '../shared/abort.ts';
import { StreamedList } from '../shared/streamed-list.ts';
import { faultMessage } from '../shared/fault-messages.ts';
import { faultsOf } from './wire.ts';
import { RequestError } from '../shared/request-error.ts';

/**
 * Resolves with the caller of a request, by its authkey.
 *
 * @throws DomainError `not-authenticated`
 */
export type CallerOf = (request: Request) => Promise<Caller>;

/** The context of a call besides its fields. */
export interface CallContext {
  readonly caller: Caller;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
}

/**
 * Returns the handler of a call with a JSON body and an authkey. Answers 200 with the object that
 * `run` resolves with.
 */
export function call<Schema extends z.ZodType>(
  callerOf: CallerOf,
  schema: Schema,
  run: (fields: z.output<Schema>, context: CallContext) => Promise<object>,
): RequestHandler {
  return async (request: Request, response: Response): Promise<void> => {
    const caller = await callerOf(request);
    const fields = parseFields(schema, request.body);
    const body = await run(fields, { caller, signal: signalOf(request, response) });
    if (body instanceof StreamedList) await answerStreamed(request, response, 200, body);
    else answerJson(request, response, 200, body);
  };
}

/** Returns the handler of a call with a JSON body and without an authkey. */
export function openCall<Schema extends z.ZodType>(
  schema: Schema,
  run: (fields: z.output<Schema>, request: Request) => Promise<object>,
): RequestHandler {
  return async (request: Request, response: Response): Promise<void> => {
    answerJson(request, response, 200, await run(parseFields(schema, request.body), request));
  };
}

function parseFields<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body, { error: faultMessage });
  if (!parsed.success) throw new RequestError('malformed', faultsOf(parsed.error));
  return parsed.data;
}
