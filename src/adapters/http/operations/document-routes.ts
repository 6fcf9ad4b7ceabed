import { Router, type Request, type RequestHandler, type Response } from 'express';
import { limitUnreadTime } from '../shared/answer.ts';
import { crossOrigin } from '../shared/cross-origin.ts';
import { entityTag } from '../shared/entity-tag.ts';
import { isNotModified } from '../shared/preconditions.ts';
import { onRoute } from '../shared/request-count.ts';
import { RequestError } from '../shared/request-error.ts';

/** The files of Swagger UI that its page needs. */
const VIEWER_FILES = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

export type ViewerFile = keyof typeof VIEWER_FILES;

/**
 * The page asks nobody but this server, and runs nothing but its own files; nobody may put it into
 * theirs.
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

/** The page where it is asked for without a slash at its end; with one, its files lie beside it. */
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

/** By itself the viewer would ask a validator on the web about the document. */
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
 * What tells about the calls: `/openapi.json` for programs, `/docs` for people, by Swagger UI,
 * whose files `viewerFile` reads. None of it is secret, so that it needs no credentials; it is the
 * same in every Platter of one version, so that it may be kept and has only to be asked about.
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

/** Always the same bytes, made when they are first asked for. */
function fixed(type: string, content: () => string | Buffer | Promise<string>): RequestHandler {
  let made: { readonly bytes: Buffer; readonly etag: string } | undefined;
  return async (request, response) => {
    made ??= tagged(await content());
    setHeaders(response);
    response.set('ETag', made.etag);
    const status = statusFor(request, made.etag);
    if (status !== 200) {
      response.status(status).end();
      return;
    }
    limitUnreadTime(response);
    response
      .status(status)
      .set({ 'Content-Type': type, 'Content-Length': String(made.bytes.length) })
      .end(made.bytes);
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
