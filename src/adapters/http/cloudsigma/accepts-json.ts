import type { RequestHandler } from 'express';
import { RequestError } from '../shared/request-error.ts';

/** Ranges that JSON lies in, the most specific first. Some clients write `*` for the last. */
const RANGES = [['application/json'], ['application/*'], ['*/*', '*']];

/**
 * Refuses a client that takes no JSON. Of its `Accept`, types and weights count; other parameters
 * do not.
 */
export const acceptsJson: RequestHandler = (request, _response, next) => {
  if (!takesJson(request.headers.accept ?? '')) {
    throw new RequestError('not-acceptable', 'only application/json is spoken here');
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
