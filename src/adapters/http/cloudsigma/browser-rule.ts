import type { RequestHandler } from 'express';
import { isChangeByForeignPage } from '../shared/foreign-page.ts';
import { PROTOCOL_ERRORS } from './errors.ts';
import { RequestError } from './request-error.ts';

/** Refuses changes by pages of another origin (docs/cloudsigma.md#browsers). */
export const refuseForeignPages: RequestHandler = (request, _response, next) => {
  if (isChangeByForeignPage(request)) {
    throw new RequestError(PROTOCOL_ERRORS['foreign-origin'], 'pages of another origin may not do this');
  }
  next();
};
