import { Validator } from '@seriousme/openapi-schema-validator';
import type { Router } from 'express';
import { CLOUDSIGMA } from '../../src/adapters/http/cloudsigma/openapi/dialect.ts';
import { cloudsigmaRoutes, type CloudsigmaUseCases } from '../../src/adapters/http/cloudsigma/routes.ts';
import { ROOT } from '../../src/adapters/http/cloudsigma/wire.ts';
import { LINK_CONTENT } from '../../src/adapters/http/native/links/content-openapi.ts';
import { linkRoutes, LINKS_ROOT } from '../../src/adapters/http/native/links/link-content.ts';
import type { OpenLink } from '../../src/application/links/open-link.ts';
import { NATIVE } from '../../src/adapters/http/native/openapi/dialect.ts';
import { ROOT as NATIVE_ROOT } from '../../src/adapters/http/native/operations.ts';
import { nativeRoutes } from '../../src/adapters/http/native/routes.ts';
import type { NativeUseCases } from '../../src/adapters/http/native/use-cases.ts';
import { documentRoutes } from '../../src/adapters/http/operations/document-routes.ts';
import { OPERATIONS } from '../../src/adapters/http/operations/openapi.ts';
import { operationsRoutes } from '../../src/adapters/http/operations/routes.ts';
import type { PartDescription } from '../../src/adapters/http/shared/openapi/description.ts';
import { openApiDocument } from '../../src/adapters/http/shared/openapi/document.ts';
import { TUS } from '../../src/adapters/http/tus/openapi.ts';
import { ROOT as TUS_ROOT } from '../../src/adapters/http/tus/operations.ts';
import { tusRoutes, type TusUseCases } from '../../src/adapters/http/tus/routes.ts';
import { VELOCITY } from '../../src/adapters/http/velocity/openapi/dialect.ts';
import { velocityRoutes, type VelocityUseCases } from '../../src/adapters/http/velocity/routes.ts';

const BODY_LIMITS = { idleSeconds: 1, minBytesPerSecond: 1 };

/** The routers, whose handlers are not called, with their description. */
const DIALECTS: readonly (readonly [name: string, router: Router, part: PartDescription, root: string])[] = [
  [
    'Velocity',
    velocityRoutes({} as VelocityUseCases, async () => Promise.reject(new Error()), BODY_LIMITS),
    VELOCITY,
    '',
  ],
  ['CloudSigma', cloudsigmaRoutes({} as CloudsigmaUseCases, BODY_LIMITS), CLOUDSIGMA, ROOT],
  [
    'tus',
    tusRoutes({ maxBytes: 1 } as TusUseCases, async () => Promise.reject(new Error()), BODY_LIMITS),
    TUS,
    TUS_ROOT,
  ],
  [
    'native',
    nativeRoutes({} as NativeUseCases, async () => Promise.reject(new Error()), BODY_LIMITS),
    NATIVE,
    NATIVE_ROOT,
  ],
  ['links', linkRoutes({} as OpenLink, BODY_LIMITS), LINK_CONTENT, LINKS_ROOT],
];

describe('The OpenAPI document', () => {
  const document = openApiDocument({ title: 'Platter', version: '1', description: '' }, [
    VELOCITY,
    NATIVE,
    LINK_CONTENT,
    CLOUDSIGMA,
    TUS,
    OPERATIONS,
  ]);

  it('is OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate({ ...document });
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  });

  it.each(DIALECTS)('has the routes of %s, and no others', (_name, router, part, root) => {
    const described = Object.keys(part.calls).map(plain).sort();
    expect(described).toEqual(
      routesOf(router)
        .map((route) => plain(route.replace(' ', ` ${root}`)))
        .sort(),
    );
  });

  it('has a schema for each CloudSigma resource, and details for each list', () => {
    const routes = new Set(routesOf(cloudsigmaRoutes({} as CloudsigmaUseCases, BODY_LIMITS)));
    const resources = [...routes].filter((route) => /^GET \/[a-z]+$/.test(route));
    const single = ['GET /capabilities', 'GET /profile'];
    const lists = [...resources.filter((route) => !single.includes(route)), ...[...routes].filter(isListOfTagged)];
    expect(resources.length).toBeGreaterThan(8);
    expect(resources.filter((route) => !routes.has(`${route}/schema`))).toEqual([]);
    expect(lists.filter((route) => !routes.has(`${route}/detail`))).toEqual([]);
  });

  it('has the routes of operations, and no others', () => {
    const routers = [
      operationsRoutes({} as never, async () => Promise.reject(new Error())),
      documentRoutes(
        async () => Promise.resolve(document),
        () => Buffer.alloc(0),
      ),
    ];
    const routes = routers.flatMap(routesOf).filter((route) => !route.startsWith('GET /docs/'));
    expect(Object.keys(OPERATIONS.calls).sort()).toEqual(routes.sort());
  });

  it('declares exactly the parameters of its paths', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const operation of Object.values(methods)) {
        const { parameters = [] } = operation as { parameters?: { name: string; in: string }[] };
        const named = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        expect([path, new Set(named)]).toEqual([path, new Set(inPath)]);
      }
    }
  });

  it('refuses two calls of one name', () => {
    const twice = [OPERATIONS, OPERATIONS];
    expect(() => openApiDocument({ title: '', version: '', description: '' }, twice)).toThrow('described twice');
  });
});

/** Matches lists such as `/tags/{uuid}/drives`. */
function isListOfTagged(route: string): boolean {
  return /^GET \/tags\/\{uuid\}\/[a-z]+$/.test(route);
}

/** Removes a slash at the end of a path. */
function plain(call: string): string {
  return call.replace(/\/$/, '');
}

/** Returns the routes of a router, such as `GET /a/{b}`. */
function routesOf(router: Router): readonly string[] {
  return router.stack.flatMap(({ route }) =>
    route === undefined
      ? []
      : [...new Set(route.stack.map(({ method }) => method))]
          // The handler for all other methods has no method.
          .filter((method: string | undefined) => method !== undefined && method !== 'options')
          .map((method) => `${method.toUpperCase()} ${route.path.replace(/:(\w+)/g, '{$1}')}`),
  );
}
