import { isUtf8 } from 'node:buffer';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { announcesBody, inviteBody } from './answer.ts';
import { requireWholeBody } from './storable-body.ts';

/** Larger JSON bodies are refused. Bytes. */
const LARGEST = 64 * 1024;
/** A body has to arrive within this time. Milliseconds. */
const SLOWEST = 30_000;

/** Why a body could not be read. */
export class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody';
  readonly kind: 'too-large' | 'malformed' | 'too-slow';

  constructor(kind: UnreadableBody['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

const parse: RequestHandler = express.json({
  limit: LARGEST,
  type: () => true,
  strict: false,
  inflate: false,
  // Else every byte that is none would become the same character, and be stored as that.
  verify: (_request, _response, bytes) => {
    if (!isUtf8(bytes)) throw new Error('the body is not UTF-8');
  },
});

/** Reads a JSON body, whatever its declared type, into `request.body`; none at all is an empty object. Fails with `UnreadableBody`. */
export const jsonBody: RequestHandler = (request: Request, response: Response, next: NextFunction): void => {
  if (!announcesBody(request)) {
    request.body = {};
    next();
    return;
  }
  requireWholeBody(request);
  let ended = false;
  function finish(error?: unknown): void {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    next(error);
  }
  const timer = setTimeout(
    () => finish(new UnreadableBody('too-slow', `the body did not arrive within ${SLOWEST / 1000} s`)),
    SLOWEST,
  );
  inviteBody(request, response);
  parse(request, response, (error?: unknown) => {
    request.body ??= {};
    finish(error === undefined ? undefined : unreadable(error));
  });
};

function unreadable(error: unknown): UnreadableBody {
  const { type } = error as { type?: string };
  return type === 'entity.too.large'
    ? new UnreadableBody('too-large', `a JSON body has at most ${LARGEST} bytes`, { cause: error })
    : new UnreadableBody('malformed', 'the body is not valid JSON', { cause: error });
}
