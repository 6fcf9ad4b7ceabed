import { Router, type RequestHandler } from 'express';
import type { CreateMedia } from '../../../application/media/create-media.ts';
import type { ListMedia } from '../../../application/media/list-media.ts';
import type { RemoveMedia } from '../../../application/media/remove-media.ts';
import type { UploadMedia } from '../../../application/media/upload-media.ts';
import type { AssignPool } from '../../../application/pools/assign-pool.ts';
import type { ListPools } from '../../../application/pools/list-pools.ts';
import type { RevokePool } from '../../../application/pools/revoke-pool.ts';
import { crossOrigin } from '../shared/cross-origin.ts';
import { jsonBody } from '../shared/json-body.ts';
import { collapseSlashes } from '../shared/slashes.ts';
import type { CallerOf } from './call.ts';
import { OUTSIDE } from './errors.ts';
import { failureAnswer } from './failure-answer.ts';
import { deleteMedia } from './m/media.ts';
import { putMediaCreate } from './m/media-create.ts';
import { postMediaList } from './m/media-list.ts';
import { putMediaUpload } from './m/media-upload.ts';
import { deletePoolAssign, putPoolAssign } from './m/pool-assign.ts';
import { postPoolList } from './m/pool-list.ts';
import type { Operation } from './operations.ts';
import { WireFault } from './wire-fault.ts';

/** What the dialect asks of the application. */
export interface VelocityUseCases {
  readonly assignPool: AssignPool;
  readonly revokePool: RevokePool;
  readonly listPools: ListPools;
  readonly createMedia: CreateMedia;
  readonly uploadMedia: UploadMedia;
  readonly removeMedia: RemoveMedia;
  readonly listMedia: ListMedia;
}

/** The Velocity dialect on one page. It answers every path, so it comes last. */
export function velocityRoutes(use: VelocityUseCases, callerOf: CallerOf): Router {
  const calls: Readonly<Record<Operation, RequestHandler>> = {
    'PUT /m/pool/assign': putPoolAssign(callerOf, use.assignPool),
    'DELETE /m/pool/assign': deletePoolAssign(callerOf, use.revokePool),
    'POST /m/pool/list': postPoolList(callerOf, use.listPools),
    'PUT /m/media/create': putMediaCreate(callerOf, use.createMedia),
    'PUT /m/media/upload': putMediaUpload(callerOf, use.uploadMedia),
    'DELETE /m/media': deleteMedia(callerOf, use.removeMedia),
    'POST /m/media/list': postMediaList(callerOf, use.listMedia),
  };

  const router = Router({ caseSensitive: true });
  router.use(crossOrigin, collapseSlashes);
  for (const [path, methods] of byPath(calls)) {
    const route = router.route(path);
    for (const [method, { operation, handler }] of methods) {
      const body = operation === 'PUT /m/media/upload' ? [] : [jsonBody];
      route[METHODS[method]](named(operation), ...body, handler);
    }
    route.all(wrongMethod([...methods.keys()]));
  }
  router.use(noSuchPath);
  router.use(failureAnswer);
  return router;
}

const METHODS = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;
type Method = keyof typeof METHODS;

function byPath(calls: Readonly<Record<Operation, RequestHandler>>) {
  const paths = new Map<string, Map<Method, { operation: Operation; handler: RequestHandler }>>();
  for (const [operation, handler] of Object.entries(calls) as [Operation, RequestHandler][]) {
    const [method, path] = operation.split(' ') as [Method, string];
    const methods = paths.get(path) ?? new Map();
    paths.set(path, methods.set(method, { operation, handler }));
  }
  return paths;
}

function named(operation: Operation): RequestHandler {
  return (_request, response, next) => {
    response.locals.operation = operation;
    next();
  };
}

function wrongMethod(allowed: readonly string[]): RequestHandler {
  return (request, response) => {
    response.set('Allow', allowed.join(', '));
    throw new WireFault(OUTSIDE['wrong-method'], `${request.method} is not one of ${allowed.join(', ')}`);
  };
}

const noSuchPath: RequestHandler = () => {
  throw new WireFault(OUTSIDE['no-such-path'], 'there is no such path');
};
