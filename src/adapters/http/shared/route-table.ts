import { Router, type RequestHandler } from 'express';
import { RequestError } from './request-error.ts';
import { onRoute } from './request-count.ts';

const METHODS = {
  GET: 'get',
  HEAD: 'head',
  POST: 'post',
  PUT: 'put',
  PATCH: 'patch',
  DELETE: 'delete',
  OPTIONS: 'options',
} as const;
type Method = keyof typeof METHODS;

/** The handlers of a dialect by method and path, such as `GET /drives/{uuid}`. */
export type Calls<Operation extends string> = Readonly<Record<Operation, RequestHandler>>;

export interface RouteTableOptions<Operation extends string> {
  /** Run before every call, and before the errors of unknown paths and methods. */
  readonly middleware: readonly RequestHandler[];
  /** Returns the handlers that run before a call, such as the parser of its body. */
  readonly before: (operation: Operation) => readonly RequestHandler[];
  /** Returns the pattern that metrics have for a path; by default the path. */
  readonly patternOf?: (path: string) => string;
  /** Answers `OPTIONS` with the methods of the path. Off by default. */
  readonly answersOptions?: boolean;
}

/**
 * Returns a router for a table of calls. Paths are case-sensitive; of two paths that both match,
 * the first counts. A known path with another method throws `wrong-method` and names the methods in
 * `Allow`; unknown paths are left to the next handler, which should be `noSuchPath`.
 */
export function routeTable<Operation extends string>(
  calls: Calls<Operation>,
  { middleware, before, patternOf = (path) => path, answersOptions = false }: RouteTableOptions<Operation>,
): Router {
  const router = Router({ caseSensitive: true });
  router.use(...middleware);
  for (const [path, methods] of byPath(calls)) {
    const route = router.route(path.replace(/\{(\w+)\}/g, ':$1')).all(onRoute(patternOf(path)));
    for (const [method, operation] of methods) route[METHODS[method]](...before(operation), calls[operation]);
    const allowed = allowedMethods([...methods.keys()], answersOptions);
    if (answersOptions) route.options(listMethods(allowed));
    route.all(wrongMethod(allowed));
  }
  return router;
}

function byPath<Operation extends string>(
  calls: Calls<Operation>,
): ReadonlyMap<string, ReadonlyMap<Method, Operation>> {
  const paths = new Map<string, Map<Method, Operation>>();
  for (const operation of Object.keys(calls) as Operation[]) {
    const [method, path] = operation.split(' ') as [Method, string];
    const methods = paths.get(path) ?? new Map<Method, Operation>();
    paths.set(path, methods.set(method, operation));
  }
  return paths;
}

/** `GET` includes `HEAD`. */
function allowedMethods(methods: readonly Method[], answersOptions: boolean): readonly string[] {
  const allowed = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...new Set([...allowed, ...(answersOptions ? ['OPTIONS'] : [])])];
}

function listMethods(allowed: readonly string[]): RequestHandler {
  return (_request, response) => {
    response.set('Allow', allowed.join(', ')).status(200).end();
  };
}

function wrongMethod(allowed: readonly string[]): RequestHandler {
  const methods = allowed.join(', ');
  return ({ method }) => {
    throw new RequestError('wrong-method', `the path does not take ${method}: use one of ${methods}`, {
      headers: { Allow: methods },
    });
  };
}

/** Refuses every request. The last handler of a dialect. */
export const noSuchPath: RequestHandler = () => {
  throw new RequestError('no-such-path', 'there is no such path: /docs lists the paths of this service');
};
