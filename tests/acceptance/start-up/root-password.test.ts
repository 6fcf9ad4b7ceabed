import { readdir } from 'node:fs/promises';
import { logIn, send, type Answer } from '../../support/http/client.ts';
import { Installation } from './installation.ts';
import type { Program } from './program.ts';

describe('PLATTER_ROOT_PASSWORD', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.beside();
  });

  const [FIRST, SECOND] = ['first drumlin', 'second esker'];

  async function serving(password?: string): Promise<{ platter: Program; url: string }> {
    const platter = installation.start(password === undefined ? {} : { PLATTER_ROOT_PASSWORD: password });
    return { platter, url: await platter.ready() };
  }

  async function logInWith(url: string, password: string): Promise<Answer> {
    return send(url, { method: 'POST', path: '/u/auth', body: JSON.stringify({ name: 'root', password }) });
  }

  it('applies from each start on, and only a change revokes the authkeys of root', async () => {
    const first = await serving(FIRST);
    const client = await logIn(first.url, 'root', FIRST);
    expect(await readdir(installation.dataDirectory)).not.toContain('root-password');
    await first.platter.stop();

    const again = await serving(FIRST);
    expect(
      (
        await send(again.url, {
          method: 'POST',
          path: '/u/user',
          headers: { authorization: `Bearer ${client.authkey}` },
        })
      ).status,
    ).toBe(200);
    await again.platter.stop();

    const changed = await serving(SECOND);
    expect(
      (
        await send(changed.url, {
          method: 'POST',
          path: '/u/user',
          headers: { authorization: `Bearer ${client.authkey}` },
        })
      ).status,
    ).toBe(401);
    expect((await logInWith(changed.url, FIRST)).status).toBe(403);
    expect((await logInWith(changed.url, SECOND)).status).toBe(200);
    await changed.platter.stop();

    const without = await serving();
    expect((await logInWith(without.url, SECOND)).status).toBe(200);
    expect(await readdir(installation.dataDirectory)).not.toContain('root-password');
    await without.platter.stop();
  });
});
