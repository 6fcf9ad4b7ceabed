import { send, sendAnywhere } from '../../support/http/client.ts';
import { document } from '../../support/openapi/document.ts';
import { ROOT_PASSWORD, startPlatter, type Platter } from '../../support/program/platter.ts';

const OUTSIDE = /(?:https?:)?\/\/[a-z0-9]/i;

let platter: Platter;
beforeAll(async () => (platter = await startPlatter()));

const get = async (path: string, headers = {}, method = 'GET') => send(platter.url, { method, path, headers });

/** A file of the page, which is not a call. */
const fetched = async (path: string, headers = {}, method = 'GET') =>
  sendAnywhere(platter.url, { method, path, headers });

describe('/openapi.json', () => {
  it('is the document, without credentials', async () => {
    const { status, headers, body } = await get('/openapi.json');
    expect([status, body]).toEqual([200, document()]);
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cache-control': 'no-cache',
      'content-type': 'application/json; charset=utf-8',
    });
  });

  it('is not sent again to a client that has it', async () => {
    const { etag } = (await get('/openapi.json', {}, 'HEAD')).headers;
    const again = await get('/openapi.json', { 'if-none-match': etag });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('has nothing of the installation', async () => {
    const { text } = await get('/openapi.json');
    for (const secret of [platter.dataDirectory, platter.database.url, ROOT_PASSWORD])
      expect(text).not.toContain(secret);
  });
});

describe('/docs', () => {
  it.each(['/docs', '/docs/'])('is a page at %s with all its files beside it', async (path) => {
    const { status, headers, text } = await get(path);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const files = [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, file]) => new URL(file!, platter.url + path));
    expect(files.map(({ pathname }) => pathname)).toEqual([
      '/docs/swagger-ui.css',
      '/docs/favicon-32x32.png',
      '/docs/swagger-ui-bundle.js',
      '/docs/start.js',
    ]);
    for (const file of files) expect([file.origin, (await fetch(file)).status]).toEqual([platter.url, 200]);
  });

  it('loads nothing from other hosts', async () => {
    for (const path of ['/docs', '/docs/start.js']) expect((await fetched(path)).text).not.toMatch(OUTSIDE);
    const { text: style } = await fetched('/docs/swagger-ui.css');
    expect([...style.matchAll(/url\((?!["']?(?:data:|#|%23)).{0,40}|@import/g)]).toEqual([]);
  });

  it('forbids other connections, other scripts and frames', async () => {
    const policy = String((await get('/docs')).headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]),
    );
    expect(policy.join(' ')).not.toMatch(/unsafe|\*|http/);
  });

  it('shows the document of this program, without a validator', async () => {
    const { text } = await fetched('/docs/start.js');
    expect(text).toContain("new URL('../openapi.json', document.currentScript.src)");
    expect(text).toContain('validatorUrl: null');
  });

  it('is not sent again to a client that has it', async () => {
    for (const path of ['/docs', '/docs/swagger-ui-bundle.js']) {
      const { etag } = (await fetched(path, {}, 'HEAD')).headers;
      expect((await fetched(path, { 'if-none-match': etag })).status).toBe(304);
    }
  });

  it.each(['index.html', 'package.json', 'swagger-initializer.js', '..%2fpackage.json', '%2e%2e/package.json', 'none'])(
    'has no %s',
    async (file) => expect((await get(`/docs/${file}`)).status).toBe(404),
  );
});
