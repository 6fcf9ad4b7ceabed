import type { RequestHandler } from 'express';
import { isChangeByForeignPage } from '../shared/foreign-page.ts';
import { RequestError } from '../shared/request-error.ts';

/** Refuses changes by pages of another origin (docs/cloudsigma.md#browsers). */
export const refuseForeignPages: RequestHandler = (request, _response, next) => {
  if (isChangeByForeignPage(request)) {
    throw new RequestError(
      'foreign-origin',
      'a page of another origin may not do this: send it from a page of this host',
    );
  }
  next();
};
