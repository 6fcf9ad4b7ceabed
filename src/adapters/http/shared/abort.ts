import type { Request, Response } from 'express';

const SIGNALS = new WeakMap<Request, AbortSignal>();

/** One signal per request: it aborts when the client goes away before it has its whole answer. */
export function signalOf(request: Request, response: Response): AbortSignal {
  const known = SIGNALS.get(request);
  if (known !== undefined) return known;

  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new Error('the client went away'));
  });
  SIGNALS.set(request, controller.signal);
  return controller.signal;
}
