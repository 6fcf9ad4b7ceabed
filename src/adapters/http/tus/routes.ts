import type { RequestHandler, Router } from 'express';
import type { AbortUpload } from '../../../application/uploads/abort-upload.ts';
import type { AppendToUpload } from '../../../application/uploads/append-to-upload.ts';
import type { CreateUpload } from '../../../application/uploads/create-upload.ts';
import type { ViewUpload } from '../../../application/uploads/view-upload.ts';
import { noStore } from '../shared/answer.ts';
import type { MinimumRateLimits } from '../shared/minimum-rate.ts';
import { noSuchPath, routeTable, type Calls } from '../shared/route-table.ts';
import { noteOperation } from './audit-actions.ts';
import type { CallerOf } from './callers.ts';
import { postUpload } from './create.ts';
import { crossOrigin } from './cross-origin.ts';
import { ROOT, type Operation } from './operations.ts';
import { overrideMethod } from './method-override.ts';
import { deleteUpload, headUpload, patchUpload } from './upload.ts';
import { CHECKSUM_ALGORITHMS } from './upload-checksum.ts';
import { requireVersion, TUS_VERSION } from './version.ts';

/** What the protocol asks of the application. */
export interface TusUseCases {
  readonly createUpload: Pick<CreateUpload, 'run'>;
  readonly viewUpload: Pick<ViewUpload, 'run'>;
  readonly appendToUpload: Pick<AppendToUpload, 'run'>;
  readonly abortUpload: Pick<AbortUpload, 'run'>;
  /** The largest upload that any pool takes. Bytes. */
  readonly maxBytes: number;
}

/** Extensions of the protocol that are offered. */
export const EXTENSIONS = ['creation', 'creation-with-upload', 'expiration', 'checksum', 'termination'] as const;

/**
 * tus 1.0.0 on one page, to be mounted at its root (docs/uploads.md#the-protocol). `failureAnswer`
 * answers what fails.
 */
export function tusRoutes(use: TusUseCases, callerOf: CallerOf, minimumRate: MinimumRateLimits): Router {
  const { createUpload, appendToUpload, viewUpload, abortUpload, maxBytes } = use;
  const calls: Calls<Operation> = {
    'POST /': postUpload(callerOf, createUpload, appendToUpload, maxBytes, minimumRate),
    'HEAD /{id}': headUpload(callerOf, viewUpload),
    'PATCH /{id}': patchUpload(callerOf, appendToUpload, minimumRate),
    'DELETE /{id}': deleteUpload(callerOf, abortUpload),
  };
  const router = routeTable(calls, {
    middleware: [noStore, describeServer(maxBytes), crossOrigin, overrideMethod],
    before: (operation) => [noteOperation(operation), requireVersion],
    patternOf: (path) => `${ROOT}${path}`,
  });
  router.use(noSuchPath);
  return router;
}

/** Says in every answer which version is spoken, and to `OPTIONS` what else the server can do. */
function describeServer(maxBytes: number): RequestHandler {
  return (request, response, next) => {
    response.set('Tus-Resumable', TUS_VERSION);
    if (request.method === 'OPTIONS') {
      response.set({
        'Tus-Version': TUS_VERSION,
        'Tus-Extension': EXTENSIONS.join(','),
        'Tus-Checksum-Algorithm': CHECKSUM_ALGORITHMS.join(','),
        'Tus-Max-Size': String(maxBytes),
      });
    }
    next();
  };
}
