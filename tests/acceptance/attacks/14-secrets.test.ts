import type { Answer } from '../../support/http/client.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { openCloud, type CloudScene } from '../cloudsigma/cloud.ts';
import { server } from '../cloudsigma/server-fixtures.ts';

let scene: CloudScene;
beforeAll(async () => (scene = await openCloud()));

describe('An answer with a secret', () => {
  it.each<[string, (scene: CloudScene) => Promise<Answer>]>([
    ['an authkey', ({ root }) => root.call('POST /u/auth', { name: 'root', password: ROOT_PASSWORD })],
    [
      'a fresh authkey',
      async ({ root }) => {
        const { authkey } = await root.ask<{ authkey: string }>('POST /u/auth', {
          name: 'root',
          password: ROOT_PASSWORD,
        });
        return root.call('PATCH /u/auth', { authkey });
      },
    ],
    ['the console password of a server', ({ boss }) => boss.call('POST /servers/', server())],
    ['the console passwords of a list', ({ boss }) => boss.call('GET /servers/detail/')],
    ['the list of users', ({ root }) => root.call('POST /u/user/list')],
    ['an error', ({ root }) => root.call('POST /u/user', { uid: 999_999 })],
  ])('is not cacheable: %s', async (_what, ask) => {
    const { headers } = await ask(scene);
    expect(headers['cache-control']).toBe('no-store');
  });
});
