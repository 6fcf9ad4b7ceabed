import { logIn, send } from '../../support/http/client.ts';
import { createTestDatabase } from '../../support/database/test-database.ts';
import { openProxy } from '../../support/database/breakable-proxy.ts';
import { Installation } from './installation.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('The log', () => {
  it('is JSON, has the request id that the client saw, and contains no secrets', async () => {
    const wire = await openProxy((await createTestDatabase()).url);
    const installation = await Installation.beside(wire.url);
    const password = 'a drumlin for root';
    const platter = installation.start({ PLATTER_ROOT_PASSWORD: password, PLATTER_LOG_LEVEL: 'debug' });
    const url = await platter.ready();
    const { authkey } = await logIn(url, 'root', password);
    const another = 'a password that somebody wants to have';

    // Every source of an authkey or a password: answered, refused, malformed, and while the
    // database is unreachable.
    const ask = async (method: string, path: string, headers: Record<string, string>, body = ''): Promise<string> => {
      const answer = await send(url, { method, path, headers, body });
      return String(answer.headers['x-request-id']);
    };
    const askAll = async (): Promise<string[]> => [
      await ask('POST', '/u/user', { authorization: `Bearer ${authkey}` }),
      await ask('POST', '/u/user/list?authkey=nothing', {}, JSON.stringify({ authkey })),
      await ask('PUT', '/u/user', { authorization: `Bearer ${authkey}` }, `{"name":"a:b","password":"${another}"}`),
      await ask('POST', '/u/auth', {}, JSON.stringify({ name: another, password: another })),
      await ask('POST', '/u/auth', {}, `{"name":"root","password":"${another}`),
      await ask('GET', `/${'%C3%A4'.repeat(1000)}`, {}),
      await ask('PUT', '/m/media/upload', { 'x-velocity-authkey': authkey, 'content-length': '0' }),
    ];
    const seen = await askAll();
    wire.cut();
    seen.push(...(await askAll()));
    wire.mend();

    // `stop` fails if the log contains the password of root, the URL of the database, or a line
    // that is not JSON.
    await platter.stop();
    await wire.close();
    const requests = platter.log.filter(({ msg }) => msg === 'request');
    for (const id of seen) {
      expect(id).toMatch(UUID);
      expect(requests.filter(({ request }) => request === id)).toMatchObject([{ level: 'info', whole: true }]);
    }
    expect(requests.map(({ path }) => path)).toContain('/u/user/list');
    const lengths = requests.map(({ path }) => Buffer.byteLength(String(path)));
    expect(Math.max(...lengths)).toBe(1024);
    const said = JSON.stringify(platter.log) + platter.complaints;
    expect([authkey, another].filter((secret) => said.includes(secret))).toEqual([]);
    for (const { level, time, msg } of platter.log) {
      expect([typeof level, typeof msg, new Date(String(time)).toISOString()]).toEqual(['string', 'string', time]);
    }
  });

  it('has the lines of its level', async () => {
    const installation = await Installation.beside();
    const platter = installation.start({ PLATTER_LOG_LEVEL: 'error', PLATTER_PORT: '1', PLATTER_HOST: '192.0.2.1' });
    expect(await platter.ended()).toEqual({ code: 1, signal: null });
    expect(platter.log).toEqual([]);
    expect(platter.complaints).toContain('192.0.2.1');
  });
});
