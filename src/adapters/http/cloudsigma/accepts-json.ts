import type { RequestHandler } from 'express';
import { RequestError } from '../shared/request-error.ts';

/** Media ranges that include JSON, the most specific first. Some clients send `*` for the last. */
const RANGES = [['application/json'], ['application/*'], ['*/*', '*']];

/**
 * Middleware. Refuses a client whose `Accept` excludes JSON. Only types and weights count.
 *
 * @throws RequestError `not-acceptable`
 */
export const acceptsJson: RequestHandler = (request, _response, next) => {
  if (!takesJson(request.headers.accept ?? '')) {
    throw new RequestError('not-acceptable', 'answers are application/json: accept that type');
  }
  next();
};

function takesJson(accept: string): boolean {
  const accepted = accept
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim().toLowerCase()))
    .filter(([type]) => type !== '');
  if (accepted.length === 0) return true;
  for (const types of RANGES) {
    const named = accepted.filter(([type = '']) => types.includes(type));
    if (named.length > 0) return named.some(([, ...parameters]) => !parameters.some(isNoWeight));
  }
  return false;
}

function isNoWeight(parameter: string): boolean {
  return /^q\s*=\s*0(?:\.0*)?$/.test(parameter);
}
