import { Router, type Request, type RequestHandler, type Response } from 'express';
import { limitUnreadTime } from '../shared/answer.ts';
import { crossOrigin } from '../shared/cross-origin.ts';
import { entityTag } from '../shared/entity-tag.ts';
import { isNotModified } from '../shared/preconditions.ts';
import { onRoute } from '../shared/request-count.ts';
import { RequestError } from '../shared/request-error.ts';

/** The files of Swagger UI that the page needs. */
const VIEWER_FILES = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

export type ViewerFile = keyof typeof VIEWER_FILES;

/**
 * The page connects only to this server and runs only its own files; other pages cannot frame it.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page. `folder` is the prefix of its files: empty when the URL ends in a slash. */
const PAGE = (folder: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Platter</title>
    <link rel="stylesheet" href="${folder}swagger-ui.css">
    <link rel="icon" type="image/png" href="${folder}favicon-32x32.png">
  </head>
  <body>
    <div id="viewer"></div>
    <script src="${folder}swagger-ui-bundle.js"></script>
    <script src="${folder}start.js"></script>
  </body>
</html>
`;

/** Without `validatorUrl: null` the viewer would send the document to a validator on the web. */
const START = `SwaggerUIBundle({
  url: new URL('../openapi.json', document.currentScript.src).href,
  dom_id: '#viewer',
  deepLinking: true,
  docExpansion: 'list',
  validatorUrl: null,
  persistAuthorization: false,
});
`;

/**
 * Returns the routes of the documentation: `/openapi.json` for programs, and `/docs` for people,
 * with Swagger UI, whose files `viewerFile` reads. It has no secrets and needs no credentials;
 * caches may store it and must revalidate.
 */
export function documentRoutes(document: () => Promise<object>, viewerFile: (name: ViewerFile) => Buffer): Router {
  const router = Router({ caseSensitive: true });
  router.get(
    '/openapi.json',
    onRoute('/openapi.json'),
    crossOrigin,
    fixed('application/json; charset=utf-8', async () => JSON.stringify(await document())),
  );
  const withSlash = fixed('text/html; charset=utf-8', () => PAGE(''));
  const withoutSlash = fixed('text/html; charset=utf-8', () => PAGE('docs/'));
  router.use('/docs', onRoute('/docs'));
  router.get('/docs', (request, response, next) =>
    (request.path.endsWith('/') ? withSlash : withoutSlash)(request, response, next),
  );
  router.get(
    '/docs/start.js',
    fixed('text/javascript; charset=utf-8', () => START),
  );
  for (const [name, type] of Object.entries(VIEWER_FILES) as [ViewerFile, string][]) {
    router.get(
      `/docs/${name}`,
      fixed(type, () => viewerFile(name)),
    );
  }
  return router;
}

/** Returns a handler that serves constant bytes, computed at the first request. */
function fixed(type: string, content: () => string | Buffer | Promise<string>): RequestHandler {
  let file: { readonly bytes: Buffer; readonly etag: string } | undefined;
  return async (request, response) => {
    file ??= tagged(await content());
    setHeaders(response);
    response.set('ETag', file.etag);
    const status = statusFor(request, file.etag);
    if (status !== 200) {
      response.status(status).end();
      return;
    }
    limitUnreadTime(response);
    response
      .status(status)
      .set({ 'Content-Type': type, 'Content-Length': String(file.bytes.length) })
      .end(file.bytes);
  };
}

function statusFor(request: Request, etag: string): 200 | 304 | 412 {
  try {
    return isNotModified(request, etag) ? 304 : 200;
  } catch (error) {
    if (error instanceof RequestError && error.kind === 'precondition-failed') return 412;
    throw error;
  }
}

function tagged(content: string | Buffer): { readonly bytes: Buffer; readonly etag: string } {
  const bytes = Buffer.from(content);
  return { bytes, etag: entityTag(bytes) };
}

function setHeaders(response: Response): void {
  response.set({
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': PAGE_POLICY,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
}
