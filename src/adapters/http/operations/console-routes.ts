import { Router, type Request, type Response } from 'express';
import { limitUnreadTime } from '../shared/answer.ts';
import { onRoute } from '../shared/request-count.ts';

/** A built file of the console, also compressed where that makes it smaller. */
export interface ConsoleFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly br?: Buffer;
  readonly gzip?: Buffer;
}

/** The built files by their path below `/console/`. Empty if the console was not built. */
export type ConsoleFiles = ReadonlyMap<string, ConsoleFile>;

const ROOT = '/console';
/** Every address of the console that is no file: its pages are chosen in the browser. */
const PAGE = 'index.html';
/** Stands in the page where the nonce of the response belongs. */
const NONCE_PLACEHOLDER = '{{nonce}}';
/** Names of these files contain a digest of their bytes. */
const HASHED = /^assets\//;
const ENCODINGS = ['br', 'gzip'] as const;

const ALWAYS = { 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' };

/**
 * Returns the routes of the console: its files below `/console/`, its page at every other address
 * there, and a redirect of browsers from `/`. `files` reads the built files, once, at the first
 * request. `newNonce` returns an unguessable text for each response.
 */
export function consoleRoutes(files: () => ConsoleFiles, newNonce: () => string): Router {
  const router = Router({ caseSensitive: true });
  let read: ConsoleFiles | undefined;
  router.get('/', (request, response, next) => {
    if (isBrowser(request)) response.redirect(302, `${ROOT}/`);
    else next();
  });
  router.use(ROOT, onRoute(ROOT));
  router.get([ROOT, `${ROOT}/*path`], (request, response, next) => {
    read ??= files();
    const path = request.path.slice(ROOT.length + 1);
    const file = path === PAGE ? undefined : read.get(path);
    const page = read.get(PAGE);
    if (file !== undefined) sendFile(request, response, file, HASHED.test(path));
    else if (page === undefined || HASHED.test(path)) next();
    else sendPage(response, page, newNonce());
  });
  return router;
}

/** Programs ask for any type; a browser asks for a page by name. */
function isBrowser(request: Request): boolean {
  return request.headers.accept?.includes('text/html') ?? false;
}

function sendFile(request: Request, response: Response, file: ConsoleFile, isHashed: boolean): void {
  const encoding = ENCODINGS.find((name) => file[name] !== undefined && request.acceptsEncodings(name) === name);
  if (encoding !== undefined) response.set('Content-Encoding', encoding);
  response.set({
    ...ALWAYS,
    'Cache-Control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    Vary: 'Accept-Encoding',
  });
  send(response, file.type, encoding === undefined ? file.bytes : (file[encoding] ?? file.bytes));
}

/**
 * The component library writes `<style>` elements: the page hands it the nonce of this response.
 */
function sendPage(response: Response, page: ConsoleFile, nonce: string): void {
  response.set({ ...ALWAYS, 'Cache-Control': 'no-store', 'Content-Security-Policy': policy(nonce) });
  send(response, page.type, Buffer.from(page.bytes.toString().replaceAll(NONCE_PLACEHOLDER, nonce)));
}

/** The page runs only its own files, connects only to this server, and cannot be framed. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function send(response: Response, type: string, bytes: Buffer): void {
  limitUnreadTime(response);
  response
    .status(200)
    .set({ 'Content-Type': type, 'Content-Length': String(bytes.length) })
    .end(bytes);
}
