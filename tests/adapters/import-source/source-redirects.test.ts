import type { AddressRules } from '../../../src/adapters/import-source/permitted-addresses.ts';
import { bytes } from '../../../src/domain/shared/bytes.ts';
import { startDnsServer, type DnsServer } from '../../support/sources/dns-server.ts';
import { localSource, type LocalTerms } from '../../support/sources/local-source.ts';
import { outcomeOf, type Outcome } from '../../support/sources/outcomes.ts';
import { ok, redirect, response, startSourceServer, type SourceServer } from '../../support/sources/source-server.ts';

const HERE = '127.0.0.1';
const FORBIDDEN = '127.0.0.2';
const REFUSED = { code: 'source-unreachable', mayPass: false };

describe('A redirect of a source', () => {
  let dns: DnsServer;
  let server: SourceServer;
  let forbidden: SourceServer;
  beforeAll(async () => {
    dns = await startDnsServer();
    server = await startSourceServer(() => ok('hello'));
    forbidden = await startSourceServer(() => ok('secret'), { address: FORBIDDEN, port: server.port });
    for (const name of ['mirror.example', 'other.example']) dns.set(name, [HERE]);
    dns.set('inside.example', [FORBIDDEN]);
  });
  afterAll(async () => Promise.all([dns.close(), server.close(), forbidden.close()]));
  afterEach(() => expect(forbidden.connections).toBe(0));

  /** Reads `/0`; each path leads on to the location that the list has for it. */
  async function follow(locations: readonly string[], terms: Partial<LocalTerms> = {}): Promise<Outcome> {
    server.respond = ({ path }) => {
      const location = locations[Number(path.slice(1))];
      return location === undefined ? ok('hello') : redirect(location);
    };
    const source = localSource({ ports: [server.port], dns, ...terms });
    return outcomeOf(source, `http://mirror.example:${server.port}/0`);
  }

  it.each(['301 Moved', '302 Found', '303 See Other', '307 Temporary Redirect', '308 Permanent Redirect'])(
    'is followed with %s',
    async (status) => {
      server.respond = ({ path }) => (path === '/0' ? redirect('/1', status) : ok('hello'));
      const source = localSource({ ports: [server.port] });
      expect(await outcomeOf(source, `http://${HERE}:${server.port}/0`)).toMatchObject({ body: 'hello' });
    },
  );

  it.each(['300 Multiple Choices', '304 Not Modified', '305 Use Proxy'])('is none with %s', async (status) => {
    server.respond = () => redirect('/1', status);
    const source = localSource({ ports: [server.port] });
    expect(await outcomeOf(source, `http://${HERE}:${server.port}/0`)).toMatchObject({ code: 'source-refused' });
  });

  it('is followed five times, and not six times', async () => {
    const before = server.connections;
    expect(await follow(['/1', '/2', '/3', '/4', '/5'])).toMatchObject({ body: 'hello' });
    expect(server.connections).toBe(before + 6);
    expect(await follow(['/1', '/2', '/3', '/4', '/5', '/6'])).toEqual({
      code: 'source-refused',
      detail: { status: 302, fault: 'redirects' },
      mayPass: false,
    });
    expect(await follow(['/0'])).toMatchObject({ detail: { fault: 'redirects' } });
  });

  it('carries the range, and no cookie, credential or referrer, and has the name of its own host', async () => {
    const before = server.requests.length;
    server.respond = ({ path }) =>
      path.startsWith('/0')
        ? response('302 Found', '', [
            `Location: http://other.example:${server.port}/1`,
            'Set-Cookie: session=secret; Domain=example; Path=/',
            'WWW-Authenticate: Basic realm="a"',
          ])
        : response('206 Partial Content', 'llo', ['Content-Range: bytes 2-4/5']);
    const source = localSource({ ports: [server.port], dns });
    const known = { from: bytes(2), validator: '"abc"' };
    expect(await outcomeOf(source, `http://mirror.example:${server.port}/0?key=secret`, { known })).toMatchObject({
      body: 'llo',
    });
    const [, second] = server.requests.slice(before);
    expect(second!.headers).toEqual({
      host: `other.example:${server.port}`,
      'user-agent': 'Platter',
      accept: '*/*',
      'accept-encoding': 'identity',
      range: 'bytes=2-',
      'if-range': '"abc"',
      connection: 'close',
    });
  });

  it.each([
    ['an address', (port: number) => `http://${FORBIDDEN}:${port}/`],
    ['a number', (port: number) => `http://2130706434:${port}/`],
    ['an address without a protocol', (port: number) => `//127.2:${port}/`],
    ['an address in IPv6', (port: number) => `http://[::ffff:127.0.0.2]:${port}/`],
    ['loopback in IPv6', (port: number) => `http://[::1]:${port}/`],
    ['a name', (port: number) => `http://inside.example:${port}/`],
    ['a name that does not exist', (port: number) => `http://nowhere.example:${port}/`],
    ['a name of the system', (port: number) => `http://localhost:${port}/`],
    ['another port', () => `http://${HERE}:22/`],
    ['a user', (port: number) => `http://user:secret@${HERE}:${port}/`],
    ['a file', () => 'file:///etc/passwd'],
    ['another protocol', () => 'gopher://127.0.0.1:6379/_INFO'],
    ['data', () => 'data:text/plain,hello'],
  ])('to %s is refused as an address that is not permitted', async (_kind, location) => {
    expect(await follow([location(server.port)])).toEqual(REFUSED);
    expect(await follow(['/1', '/2', location(server.port)])).toEqual(REFUSED);
  });

  it('to a host that the operator does not permit is refused', async () => {
    const hosts = ['mirror.example'];
    expect(await follow([`http://other.example:${server.port}/1`], { hosts })).toEqual(REFUSED);
    expect(await follow(['/1'], { hosts })).toMatchObject({ body: 'hello' });
  });

  it('without a URL is refused', async () => {
    expect(await follow(['http://['])).toMatchObject({ detail: { status: 302, fault: 'malformed' } });
    server.respond = () => response('302 Found');
    const source = localSource({ ports: [server.port] });
    expect(await outcomeOf(source, `http://${HERE}:${server.port}/`)).toMatchObject({ detail: { status: 302 } });
  });

  it('to a name whose address changes is checked anew', async () => {
    dns.set('moving.example', [HERE], [FORBIDDEN]);
    expect(await follow([`http://moving.example:${server.port}/1`, `http://moving.example:${server.port}/2`])).toEqual(
      REFUSED,
    );
  });

  describe('where the operator listed networks', () => {
    // The test has no public address: these rules call one address of loopback public.
    const addresses: AddressRules = {
      permissionOf: (address) => (address === HERE ? 'public' : address === '127.0.0.3' ? 'listed' : null),
    };
    let listed: SourceServer;
    beforeAll(async () => {
      listed = await startSourceServer(() => ok('listed'), { address: '127.0.0.3', port: server.port });
      dns.set('listed.example', ['127.0.0.3']);
      dns.set('both.example', [HERE, '127.0.0.3']);
    });
    afterAll(async () => listed.close());

    it.each(['127.0.0.3', 'listed.example', 'both.example'])(
      'does not lead there from a public one: %s',
      async (host) => {
        const before = listed.connections;
        expect(await follow([`http://${host}:${server.port}/1`], { addresses })).toEqual(REFUSED);
        expect(await follow(['/1', `http://${host}:${server.port}/2`], { addresses })).toEqual(REFUSED);
        expect(listed.connections).toBe(before);
      },
    );

    it('leads there from a listed one, and from a listed one to a public one, but not back', async () => {
      const source = localSource({ ports: [server.port], dns, addresses });
      const url = `http://listed.example:${server.port}/0`;
      listed.respond = ({ path }) => (path === '/0' ? redirect('/1') : ok('listed'));
      expect(await outcomeOf(source, url)).toMatchObject({ body: 'listed' });
      listed.respond = ({ path }) => (path === '/0' ? redirect(`http://${HERE}:${server.port}/1`) : ok('listed'));
      server.respond = () => ok('public');
      expect(await outcomeOf(source, url)).toMatchObject({ body: 'public' });
      server.respond = () => redirect(`http://127.0.0.3:${server.port}/2`);
      expect(await outcomeOf(source, url)).toEqual(REFUSED);
    });
  });
});
