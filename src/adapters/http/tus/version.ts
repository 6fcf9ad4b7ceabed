import type { RequestHandler } from 'express';
import { RequestError } from '../shared/request-error.ts';
import { headerOf } from './headers.ts';

/** The one version of the protocol that is spoken (https://tus.io/protocols/resumable-upload). */
export const TUS_VERSION = '1.0.0';

/** Refuses requests of another version of the protocol, and requests that are not tus. */
export const requireVersion: RequestHandler = (request, _response, next) => {
  const version = headerOf(request, 'Tus-Resumable');
  if (version !== TUS_VERSION) {
    const fault = { message: `Tus-Resumable must be ${TUS_VERSION}`, point: 'Tus-Resumable' };
    throw new RequestError('precondition-failed', [fault], { headers: { 'Tus-Version': TUS_VERSION } });
  }
  next();
};
