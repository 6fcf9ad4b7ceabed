import type { Request, Response } from 'express';

const CONTROLLERS = new WeakMap<Request, AbortController>();

/** One signal per request: it aborts when the client goes away before it has its whole answer, or with `abortRequest`. */
export function signalOf(request: Request, response: Response): AbortSignal {
  const known = CONTROLLERS.get(request);
  if (known !== undefined) return known.signal;

  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new Error('the client went away'));
  });
  CONTROLLERS.set(request, controller);
  return controller.signal;
}

/** Makes a request fail with `reason`, if it is still at work. Answers whether it asked for its signal, and so will notice. */
export function abortRequest(request: Request, reason: unknown): boolean {
  const controller = CONTROLLERS.get(request);
  controller?.abort(reason);
  return controller !== undefined;
}
