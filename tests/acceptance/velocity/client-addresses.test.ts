import { freshName, logIn, send, type Answer } from '../../support/http/client.ts';
import { startPlatter, type Platter } from '../../support/program/platter.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { logInFrom } from '../../support/http/forwarded-requests.ts';

describe('The address of a client', () => {
  let platter: Platter;
  beforeAll(async () => {
    platter = await startPlatter({ env: { PLATTER_TRUSTED_PROXIES: '::ffff:127.0.0.0/104, 10.0.0.0/8, FD00::/8' } });
  });

  /** Returns the address of a failed login in the audit. */
  async function auditedAs(name: string): Promise<unknown> {
    const [row] = await rowsOf(platter.database.url, `select address from audit_entries where actor_name = '${name}'`);
    return row?.address;
  }

  it.each([
    ['a port', '192.0.2.1:4711', '192.0.2.1'],
    ['brackets and a port', '[2001:DB8::A]:4711', '2001:db8::a'],
    ['capitals', '2001:DB8:0::B', '2001:db8::b'],
    ['IPv4 in IPv6', '::FFFF:192.0.2.2', '192.0.2.2'],
    ['a zone', 'fe80::c%eth0', 'fe80::c'],
    ['trusted proxies with ports', '192.0.2.3:1, 10.0.0.1:2, [fd00::1]:3, ::ffff:10.0.0.2', '192.0.2.3'],
    ['a forged hop before the real one', '198.51.100.1, 192.0.2.4', '192.0.2.4'],
    ['empty entries', ' , 192.0.2.5:80, ,', '192.0.2.5'],
    ['garbage after a trusted hop', '192.0.2.6, unknown, 10.0.0.3:1', '10.0.0.3'],
    ['garbage only', '"; drop table', '127.0.0.1'],
  ])('is read from a list with %s', async (_what, forwarded, address) => {
    const name = freshName('nobody');
    await logInFrom(platter.url, forwarded, name, 'wrong');
    expect(await auditedAs(name)).toBe(address);
  });

  it('is not read from Forwarded, which Platter does not support', async () => {
    const name = freshName('nobody');
    const headers = { 'content-type': 'application/json', forwarded: 'for=192.0.2.7' };
    await send(platter.url, {
      method: 'POST',
      path: '/u/auth',
      headers,
      body: JSON.stringify({ name, password: 'x' }),
    });
    expect(await auditedAs(name)).toBe('127.0.0.1');
  });

  it.each([
    ['the port of each connection', (at: number) => `192.0.2.8:${4000 + at}`],
    ['the spelling', (at: number) => ['2001:db8:8::1', '[2001:DB8:8:0::1]', '2001:db8:8:0:0:0:0:1'][at % 3]!],
    ['the lower half of IPv6', (at: number) => `2001:db8:9::${at.toString(16)}`],
  ])('counts as one for the limit on failed logins, regardless of %s', async (_what, addressAt) => {
    const name = freshName('nobody');
    const answers: Answer[] = [];
    for (let at = 1; at <= 20; at += 1) answers.push(await logInFrom(platter.url, addressAt(at), name, `wrong ${at}`));
    expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: 19 }, () => 403), 429]);
  });
});

describe('Names and passwords', () => {
  const composed = 'Zo\u00eb';
  const apart = 'Zoe\u0308';
  let platter: Platter;
  beforeAll(async () => (platter = await startPlatter()));

  async function profile(credentials: Buffer): Promise<Answer> {
    const authorization = `Basic ${credentials.toString('base64')}`;
    return send(platter.url, { method: 'GET', path: '/api/2.0/profile/', headers: { authorization } });
  }

  it('match in every Unicode normalisation, and a second user cannot have an equivalent name', async () => {
    const root = await logIn(platter.url);
    expect(await root.ask('PUT /u/user', { name: apart, password: apart })).toMatchObject({ name: composed });
    expect((await root.call('PUT /u/user', { name: composed, password: 'x' })).status).toBe(409);
    for (const [name, password] of [
      [apart, apart],
      [composed, composed],
      [composed, apart],
    ] as const) {
      await logIn(platter.url, name, password);
      expect((await profile(Buffer.from(`${name}:${password}`))).status).toBe(200);
    }
  });

  it('can be Latin-1 in Basic authentication', async () => {
    const name = freshName('bärbel');
    await (await logIn(platter.url)).ask('PUT /u/user', { name, password: 'Größe: ü' });
    expect((await profile(Buffer.from(`${name}:Größe: ü`, 'latin1'))).status).toBe(200);
    expect((await profile(Buffer.from(`${name}:Größe: ü`, 'utf8'))).status).toBe(200);
    expect((await profile(Buffer.from(`${name}:Größe: u`, 'latin1'))).status).toBe(401);
  });
});
