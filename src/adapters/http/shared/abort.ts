import type { Request, Response } from 'express';

const CONTROLLERS = new WeakMap<Request, AbortController>();

/**
 * Returns the signal of a request. It aborts when the client disconnects before the answer is
 * complete, or with `abortRequest`.
 */
export function signalOf(request: Request, response: Response): AbortSignal {
  return controllerOf(request, response).signal;
}

/**
 * Aborts the signal of a request with `reason`: the handler fails at its next look at the signal.
 */
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
