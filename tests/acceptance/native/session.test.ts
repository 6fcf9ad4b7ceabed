import type { OutgoingHttpHeaders } from 'node:http';
import { formatUploadMetadata } from '../../../src/adapters/http/tus/upload-metadata.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { freshName, send, type Answer } from '../../support/http/client.ts';
import { TUS } from '../tus/tus-requests.ts';
import { assign, makeGroup, makeUser, openScene, type Scene } from '../velocity/scene.ts';
import { browserOf, expectProblem, NativeClient } from './native-client.ts';

let scene: Scene;
let name: string;
let browser: NativeClient;
let group: number;
beforeAll(async () => {
  scene = await openScene({ env: { PLATTER_TRUSTED_PROXIES: '127.0.0.1' } });
  group = await makeGroup(scene);
  ({ name } = await makeUser(scene, group, 'velocity.media.create', 'velocity.group.view'));
  browser = await browserOf(scene.platter.url, name, name);
});

const anonymous = (): NativeClient => new NativeClient(scene.platter.url);

describe('POST /v1/session', () => {
  it('sets a cookie that neither scripts nor other sites get', async () => {
    const { status, headers, body } = await anonymous().call('POST /session', { name, password: name });
    const [cookie] = headers['set-cookie']!;
    expect([status, body]).toEqual([
      201,
      { user: { id: expect.any(Number) as number, name }, expires_at: expect.any(String) as string },
    ]);
    const attributes = cookie!.split('; ').map((attribute) => attribute.replace(/=.*/, ''));
    expect(attributes.sort()).toEqual(['Expires', 'HttpOnly', 'Path', 'SameSite', 'platter_session']);
    expect(cookie).toContain('SameSite=Strict');
    const days = (Date.parse((body as { expires_at: string }).expires_at) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(7);
  });

  it('sets a secure cookie when a trusted proxy received the request over TLS', async () => {
    const sent = { name, password: name };
    const { headers } = await anonymous().call('POST /session', sent, { 'x-forwarded-proto': 'https' });
    expect(headers['set-cookie']![0]).toMatch(/; Secure(?:;|$)/);
  });

  it('refuses a wrong password, and asks for a bearer', async () => {
    const answer = await anonymous().call('POST /session', { name: freshName('ghost'), password: 'wrong' });
    expectProblem(answer, 401, 'wrong-credentials');
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it.each([
    ['no password', { name: 'ann' }, 'password is required'],
    ['an unknown field', { name: 'ann', password: 'x', remember: true }, 'remember is unknown'],
  ])('refuses %s', async (_what, body, detail) => {
    const answer = await anonymous().call('POST /session', body);
    expectProblem(answer, 400, 'malformed');
    expect(answer.body).toMatchObject({ detail });
  });

  it('counts failed logins with those of the other dialects', async () => {
    const { url } = scene.platter;
    const from = { 'x-forwarded-for': '203.0.113.9' };
    const { name: victim } = await makeUser(scene);
    const logIn = async (password: string, headers = from): Promise<Answer> =>
      anonymous().call('POST /session', { name: victim, password }, headers);
    const body = JSON.stringify({ name: victim, password: 'wrong' });
    const statuses: number[] = [];
    while (statuses.at(-1) !== 429 && statuses.length < 100) {
      statuses.push((await send(url, { method: 'POST', path: '/u/auth', headers: from, body })).status);
      statuses.push((await logIn('wrong')).status);
    }
    expect(statuses.slice(0, 4)).toEqual([403, 401, 403, 401]);
    const refused = await logIn(victim);
    expectProblem(refused, 429, 'too-many-logins');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await logIn(victim, { 'x-forwarded-for': '198.51.100.9' })).status).toBe(201);
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of the site', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'http://elsewhere.example' }],
  ])('refuses pages of %s', async (_what, headers) => {
    const answer = await anonymous().call('POST /session', { name, password: name }, headers);
    expectProblem(answer, 403, 'foreign-origin');
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('GET /v1/session', () => {
  it('shows the user, its home and the permissions that hold on each group', async () => {
    const { status, body } = await browser.call('GET /session');
    expect([status, body]).toEqual([
      200,
      {
        id: expect.any(Number) as number,
        name,
        home: group,
        groups: [
          { id: 0, parent: 0, name: 'root', permissions: [] },
          {
            id: group,
            parent: 0,
            name: expect.any(String) as string,
            permissions: ['velocity.group.view', 'velocity.media.create'],
          },
        ],
      },
    ]);
  });

  it('shows it for an authkey and a password too', async () => {
    const { url } = scene.platter;
    for (const client of [NativeClient.by(scene.root), NativeClient.withPassword(url, name, name)]) {
      expect((await client.call('GET /session')).status).toBe(200);
    }
  });

  it.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['an unknown authkey', { authorization: 'Bearer unknown' }],
    ['an unknown session', { cookie: 'platter_session=unknown' }],
    ['another scheme', { authorization: 'Digest x' }],
  ])('refuses %s', async (_what, headers) => {
    const answer = await anonymous().call('GET /session', undefined, headers);
    expectProblem(answer, 401, 'not-authenticated');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="platter"');
  });

  it('counts no cookie when there are two', async () => {
    const cookie = `${String(browser.headers.cookie)}; platter_session=another`;
    expectProblem(await anonymous().call('GET /session', undefined, { cookie }), 401, 'not-authenticated');
  });

  it('refuses a session that was not used for twelve hours, or has lasted seven days', async () => {
    for (const column of ["used_at = used_at - interval '12 hours'", 'expires_at = clock_timestamp()']) {
      const old = await browserOf(scene.platter.url, name, name);
      await rowsOf(
        scene.platter.database.url,
        `update login_sessions set ${column} where created_at = (select max(created_at) from login_sessions) returning 1`,
      );
      expectProblem(await old.call('GET /session'), 401, 'not-authenticated');
    }
  });
});

describe('The cookie of a session at /uploads', () => {
  const metadata = (): string =>
    formatUploadMetadata({ filename: freshName('upload'), group: String(group), pool: '1' });
  const create = async (headers: OutgoingHttpHeaders): Promise<Answer> =>
    send(scene.platter.url, {
      method: 'POST',
      path: '/uploads/',
      headers: { ...TUS, ...browser.headers, 'upload-length': 5, 'upload-metadata': metadata(), ...headers },
    });

  it('creates an upload for a page of this server, and for no browser', async () => {
    await assign(scene, group);
    const { host } = new URL(scene.platter.url);
    for (const headers of [{}, { origin: `http://${host}` }, { 'sec-fetch-site': 'same-origin' }]) {
      const { status, headers: answered } = await create(headers);
      expect(status).toBe(201);
      const path = answered.location!;
      const ended = await send(scene.platter.url, { method: 'DELETE', path, headers: { ...TUS, ...browser.headers } });
      expect(ended.status).toBe(204);
    }
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of the site', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'http://elsewhere.example' }],
  ])('creates none for pages of %s', async (_what, headers) => {
    expectProblem(await create(headers), 403, 'foreign-origin');
  });
});

describe('DELETE /v1/session', () => {
  it('ends the session, and succeeds without one', async () => {
    const other = await browserOf(scene.platter.url, name, name);
    const { status, headers } = await other.call('DELETE /session');
    expect(status).toBe(204);
    expect(headers['set-cookie']![0]).toMatch(/^platter_session=; .*Expires=Thu, 01 Jan 1970/);
    expectProblem(await other.call('GET /session'), 401, 'not-authenticated');
    expect((await anonymous().call('DELETE /session')).status).toBe(204);
    expect((await browser.call('GET /session')).status).toBe(200);
  });

  it('refuses pages of other origins', async () => {
    const answer = await browser.call('DELETE /session', undefined, { origin: 'http://elsewhere.example' });
    expectProblem(answer, 403, 'foreign-origin');
    const { host } = new URL(scene.platter.url);
    const own = await browserOf(scene.platter.url, name, name);
    expect((await own.call('DELETE /session', undefined, { origin: `http://${host}` })).status).toBe(204);
  });
});

describe('GET /v1/users', () => {
  it('lists users page by page, in both orders', async () => {
    const root = NativeClient.by(scene.root);
    interface Page {
      readonly items: readonly { readonly id: number; readonly name: string }[];
      readonly next_cursor: string | null;
      readonly total?: number;
    }
    for (const sort of ['created', '-created', 'name', '-name']) {
      const all = await root.ask<Page>(`GET /users?total=true&sort=${sort}`);
      expect(all.total).toBe(all.items.length);
      const found = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: Page = await root.ask(`GET /users?limit=1&sort=${sort}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        found.push(...page.items);
        cursor = page.next_cursor;
      }
      expect(found).toEqual(all.items);
    }
  });

  it('answers 304 to a client that has the page', async () => {
    const root = NativeClient.by(scene.root);
    const { etag } = (await root.call('GET /users')).headers;
    const again = await root.call('GET /users', undefined, { 'if-none-match': etag });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['sort=size', 'sort'],
    ['cursor=x', 'cursor'],
    ['colour=red', 'colour'],
  ])('refuses ?%s', async (query, field) => {
    const answer = await NativeClient.by(scene.root).call(`GET /users?${query}`);
    expectProblem(answer, 400, 'malformed');
    expect(answer.body).toMatchObject({ field });
  });
});
