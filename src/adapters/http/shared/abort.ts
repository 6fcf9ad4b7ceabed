import type { Request, Response } from 'express';

const CONTROLLERS = new WeakMap<Request, AbortController>();

/**
 * One signal per request: it aborts when the client goes away before it has its whole answer, or
 * with `abortRequest`.
 */
export function signalOf(request: Request, response: Response): AbortSignal {
  return controllerOf(request, response).signal;
}

/** Makes a request fail with `reason`, as soon as whoever is at work on it looks at its signal. */
export function abortRequest(request: Request, response: Response, reason: unknown): void {
  controllerOf(request, response).abort(reason);
}

function controllerOf(request: Request, response: Response): AbortController {
  const known = CONTROLLERS.get(request);
  if (known !== undefined) return known;

  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new Error('the client went away'));
  });
  CONTROLLERS.set(request, controller);
  return controller;
}
