import { freshName, send, type Answer } from '../../support/http/client.ts';
import { expectError } from './provocation.ts';
import { openScene, type Scene } from './scene.ts';

const ORIGIN = 'http://localhost:4200';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const HEADERS = [
  'authorization',
  'content-type',
  'file-name',
  'x-velocity-authkey',
  'x-velocity-mpid',
  'x-velocity-gid',
  'x-velocity-name',
  'x-velocity-type',
  'x-velocity-readonly',
];

describe('A page of another origin', () => {
  let scene: Scene;
  beforeAll(async () => (scene = await openScene()));

  async function preflight(path: string, method: string, headers: string): Promise<Answer> {
    return send(scene.platter.url, {
      method: 'OPTIONS',
      path,
      headers: {
        origin: ORIGIN,
        'access-control-request-method': method,
        ...(headers === '' ? {} : { 'access-control-request-headers': headers }),
      },
    });
  }

  async function ask(method: string, path: string, body = '', authkey = scene.root.authkey): Promise<Answer> {
    const headers = { origin: ORIGIN, authorization: `Bearer ${authkey}` };
    return send(scene.platter.url, { method, path, headers, body });
  }

  function words(header: string | undefined): string[] {
    return (header ?? '').split(',').map((word) => word.trim().toLowerCase());
  }

  it.each(METHODS)('may use %s, according to a preflight without an authkey', async (method) => {
    const { status, headers } = await preflight('/m/media', method, '');
    expect([status, headers['access-control-allow-origin']]).toEqual([200, '*']);
    expect(words(headers['access-control-allow-methods'])).toContain(method.toLowerCase());
  });

  it.each(['/m/media/upload', '//m/media/upload', '/u/user/'])(
    'may send the headers of the dialect to %s',
    async (path) => {
      const { status, headers } = await preflight(path, 'PUT', HEADERS.join(', '));
      expect(status).toBe(200);
      expect(words(headers['access-control-allow-headers'])).toEqual(expect.arrayContaining(HEADERS));
    },
  );

  it('can read answers', async () => {
    const { status, headers } = await ask('POST', '/u/user');
    expect([status, headers['access-control-allow-origin']]).toEqual([200, '*']);
  });

  it('can read every error', async () => {
    const refusals: readonly (readonly [answer: Answer, code: number, status: number])[] = [
      [await ask('POST', '/u/user', '{'), 110, 400],
      [await ask('POST', '/u/user', '', 'wrong'), 100, 401],
      [await ask('PATCH', '/u/auth', '{"authkey":"none"}'), 1400, 403],
      [await ask('POST', '/none'), 111, 404],
      [await ask('GET', '/u/user'), 112, 405],
      [await ask('PUT', '/u/group', '{"name":"","parent_gid":0}'), 110, 400],
      [await ask('POST', '/u/user', `"${'x'.repeat(100_000)}"`), 113, 413],
    ];
    // `expectError` checks the header that lets every origin read the answer.
    for (const refusal of refusals) expectError(...refusal);
  });

  it('can read Retry-After', async () => {
    const body = JSON.stringify({ name: freshName('nobody'), password: 'wrong' });
    const login = async (): Promise<Answer> => ask('POST', '/u/auth', body);
    const answers = await Promise.all(Array.from({ length: 20 }, login));
    const last = answers.find(({ status }) => status === 429)!;
    expectError(last, 101, 429);
    expect(words(last.headers['access-control-expose-headers'])).toContain('retry-after');
  });
});
