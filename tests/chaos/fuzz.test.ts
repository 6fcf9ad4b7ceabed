import fc from 'fast-check';
import { OPERATIONS } from '../../src/adapters/http/velocity/errors.ts';
import { ANY_CALL, DOCUMENTED, isAmong } from './documented-errors.ts';
import { path, timeoutMs, seed, times } from './repetitions.ts';
import { Client, send, type Answer } from '../support/http/client.ts';
import { makeAssignedGroup, makeUser, midOf, openScene, type Scene } from '../acceptance/velocity/scene.ts';
import { bodies, type KnownIds } from '../acceptance/hostile/near-valid.ts';

const ROUNDS = times('PLATTER_FUZZ', 100, 2_000);

/** Calls without a JSON body. */
const OTHERS = ['PUT /m/media/upload', 'GET /m/media/{mid}/content'];
const CALLS = Object.keys(OPERATIONS).filter((operation) => !OTHERS.includes(operation));
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;
const PATHS = [...new Set(CALLS.map((operation) => operation.split(' ')[1]!))];

describe('Random JSON', () => {
  let scene: Scene;
  let known: KnownIds;
  let callers: Readonly<Record<string, Client>>;
  beforeAll(async () => {
    scene = await openScene({ env: { PLATTER_AUTHKEY_LIFETIME: '86400' } });
    const gid = await makeAssignedGroup(scene, { quota: 1_000_000 });
    const some = await makeUser(
      scene,
      gid,
      'velocity.media.create',
      'velocity.media.list',
      'velocity.group.view',
      'velocity.user.view',
    );
    const none = await makeUser(scene);
    const mid = midOf(await scene.root.upload({ group: gid, name: 'there' }, 'abc'));
    known = { gids: [gid], uids: [some.uid, none.uid], mids: [mid] };
    const anonymous = new Client(scene.platter.url, 'unknown');
    callers = { root: scene.root, 'with some permissions': some.client, 'without permissions': none.client, anonymous };
  });

  async function ask(method: string, path: string, body: string, caller: string): Promise<Answer> {
    const { url, authkey } = callers[caller]!;
    return send(url, { method, path, headers: { authorization: `Bearer ${authkey}` }, body });
  }

  function expectAnswer(answer: Answer, isDocumented: boolean): void {
    const { status, headers, body, text } = answer;
    expect([status, text, isDocumented]).toEqual([status, text, true]);
    if (text !== '') expect(headers['content-type']).toMatch(/^application\/json\b/);
    if (status === 200) return;
    expect(body).toMatchObject({ code: expect.any(Number) as unknown, message: expect.any(String) as unknown });
    expect(Number.isInteger((body as { code: number }).code)).toBe(true);
    if (status === 400) expect(body).toMatchObject({ error: true, reason: expect.any(String) as unknown });
  }

  it('has documented errors for every call', () => {
    expect(Object.keys(DOCUMENTED).sort((a, b) => (a < b ? -1 : 1))).toEqual(
      Object.keys(OPERATIONS)
        .filter((operation) => !operation.startsWith('GET '))
        .sort((a, b) => (a < b ? -1 : 1)),
    );
  });

  it.each(CALLS)(
    'gets a documented answer from %s',
    async (operation) => {
      const [method = '', path_ = ''] = operation.split(' ');
      const property = fc.asyncProperty(
        bodies(known),
        fc.constantFrom(...Object.keys(callers)),
        async (body, caller) => {
          const answer = await ask(method, path_, body, caller);
          expectAnswer(answer, isAmong([...ANY_CALL, ...DOCUMENTED[operation]!], answer));
        },
      );
      await fc.assert(property, { numRuns: ROUNDS, seed: seed(), path: path(), endOnFailure: true });
    },
    timeoutMs(ROUNDS),
  );

  it(
    'is refused with any other method or path',
    async () => {
      const paths = fc.oneof(
        fc.constantFrom(...PATHS),
        fc.webPath().map((text) => `/m${text}`),
        fc.webPath().map((text) => `/u${text}`),
      );
      const property = fc.asyncProperty(
        fc.constantFrom(...METHODS),
        paths,
        bodies(known),
        async (method, somewhere, body) => {
          if (CALLS.includes(`${method} ${somewhere}`)) return;
          const answer = await ask(method, somewhere, method === 'TRACE' ? '' : body, 'root');
          if (method === 'HEAD') expect([404, 405]).toContain(answer.status);
          else if (method === 'OPTIONS') expect(answer.status).toBe(200);
          else
            expectAnswer(
              answer,
              isAmong(
                [
                  [111, 404],
                  [112, 405],
                ],
                answer,
              ) && answer.status !== 200,
            );
        },
      );
      await fc.assert(property, { numRuns: ROUNDS, seed: seed(), path: path(), endOnFailure: true });
    },
    timeoutMs(ROUNDS),
  );

  it('does not change the root user', async () => {
    expect(await scene.root.ask('POST /u/user', {})).toMatchObject({ uid: 0, name: 'root' });
    expect(scene.platter.process.exitCode).toBeNull();
  });
});
