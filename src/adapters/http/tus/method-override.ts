import type { RequestHandler } from 'express';
import { headerOf, malformedHeader } from './headers.ts';

const METHODS: ReadonlySet<string> = new Set(['POST', 'HEAD', 'PATCH', 'DELETE']);

/**
 * Takes the method of a request from `X-HTTP-Method-Override`, for clients and proxies that have no
 * `PATCH` or `DELETE`.
 */
export const overrideMethod: RequestHandler = (request, _response, next) => {
  const method = headerOf(request, 'X-HTTP-Method-Override');
  if (method !== null) {
    if (!METHODS.has(method))
      throw malformedHeader('X-HTTP-Method-Override', `must be one of ${[...METHODS].join(', ')}`);
    request.method = method;
  }
  next();
};
