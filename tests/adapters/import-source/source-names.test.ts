import { startDnsServer, type DnsServer } from '../../support/sources/dns-server.ts';
import { localSource } from '../../support/sources/local-source.ts';
import { outcomeOf } from '../../support/sources/outcomes.ts';
import { ok, startSourceServer, type SourceServer } from '../../support/sources/source-server.ts';

const NAME = 'images.example';
const HERE = '127.0.0.1';
/** An address of loopback that no test permits. */
const FORBIDDEN = '127.0.0.2';
const REFUSED = { code: 'source-unreachable', mayPass: false };
const FOR_NOW = { code: 'source-unreachable', mayPass: true };

describe('The host of a source', () => {
  let dns: DnsServer;
  let server: SourceServer;
  let forbidden: SourceServer;
  beforeAll(async () => {
    server = await startSourceServer(() => ok('hello'));
    forbidden = await startSourceServer(() => ok('secret'), { address: FORBIDDEN, port: server.port });
  });
  beforeEach(async () => (dns = await startDnsServer()));
  afterEach(async () => {
    await dns.close();
    expect(forbidden.connections).toBe(0);
  });
  afterAll(async () => Promise.all([server.close(), forbidden.close()]));

  async function outcome(host: string, networks: readonly string[] = [HERE]): Promise<unknown> {
    return outcomeOf(localSource({ ports: [server.port], networks, dns }), `http://${host}:${server.port}/disk.img`);
  }

  it('is resolved once, by the servers of the operator, and keeps its name in the request', async () => {
    dns.set(NAME, [HERE]);
    expect(await outcome(NAME)).toMatchObject({ body: 'hello' });
    expect([...dns.questions].sort()).toEqual([`A ${NAME}`, `AAAA ${NAME}`]);
    expect(server.requests.at(-1)!.headers.host).toBe(`${NAME}:${server.port}`);
  });

  it('may end with a dot, or be in another script', async () => {
    dns.set(NAME, [HERE]);
    dns.set('xn--bcher-kva.example', [HERE]);
    expect(await outcome(`${NAME}.`)).toMatchObject({ body: 'hello' });
    expect(server.requests.at(-1)!.headers.host).toBe(`${NAME}:${server.port}`);
    expect(await outcome('bücher.example')).toMatchObject({ body: 'hello' });
    expect(server.requests.at(-1)!.headers.host).toBe(`xn--bcher-kva.example:${server.port}`);
  });

  it.each([
    ['only address', [FORBIDDEN]],
    ['first of two addresses', [FORBIDDEN, HERE]],
    ['last of two addresses', [HERE, FORBIDDEN]],
    ['last of many addresses', [...Array.from({ length: 20 }, () => HERE), FORBIDDEN]],
  ])('is refused if its %s is not permitted', async (_which, addresses) => {
    dns.set(NAME, addresses);
    expect(await outcome(NAME)).toEqual(REFUSED);
  });

  it.each(['::1', '::', '::ffff:127.0.0.2', 'fe80::1', 'fd00::1', '64:ff9b::7f00:2', '2002:7f00:2::1', 'ff02::1'])(
    'is refused if one of its addresses is %s',
    async (address) => {
      dns.set(NAME, [HERE, address]);
      expect(await outcome(NAME)).toEqual(REFUSED);
    },
  );

  it.each(['0.0.0.0', '10.0.0.1', '169.254.169.254', '192.168.0.1', '255.255.255.255', '224.0.0.1'])(
    'is refused if one of its addresses is %s, too',
    async (address) => {
      dns.set(NAME, [HERE, address]);
      expect(await outcome(NAME)).toEqual(REFUSED);
    },
  );

  it('cannot have another address for the connection than for the check', async () => {
    dns.set(NAME, [HERE], [FORBIDDEN]);
    expect(await outcome(NAME)).toMatchObject({ body: 'hello' });
    expect(await outcome(NAME)).toEqual(REFUSED);
  });

  it('is tried at its next address if one does not accept', async () => {
    dns.set(NAME, ['127.0.0.3', HERE]);
    expect(await outcome(NAME, [HERE, '127.0.0.3'])).toMatchObject({ body: 'hello' });
  });

  it('is refused for good if it does not exist or has no address, as a forbidden one is', async () => {
    dns.set('empty.example', []);
    expect(await outcome('nowhere.example')).toEqual(REFUSED);
    expect(await outcome('empty.example')).toEqual(REFUSED);
  });

  it('may be resolved later if the servers fail', async () => {
    dns.set(NAME, 'failing');
    expect(await outcome(NAME)).toEqual(FOR_NOW);
  });

  it('does not wait for ever for the servers', async () => {
    dns.set(NAME, 'silent');
    const impatient = localSource({ ports: [server.port], dns, timeouts: { connectMs: 50 } });
    expect(await outcomeOf(impatient, `http://${NAME}:${server.port}/`)).toEqual(FOR_NOW);
  });

  it('ends with the reason of the signal while it is resolved', async () => {
    dns.set(NAME, 'silent');
    const reason = new Error('cancelled');
    const source = localSource({ ports: [server.port], dns });
    const signal = AbortSignal.abort(reason);
    await expect(outcomeOf(source, `http://${NAME}:${server.port}/`, { signal })).rejects.toBe(reason);
    const cancelling = new AbortController();
    const outcome = outcomeOf(source, `http://${NAME}:${server.port}/`, { signal: cancelling.signal });
    cancelling.abort(reason);
    await expect(outcome).rejects.toBe(reason);
  });

  it.each(['127.0.0.2', '2130706434', '0x7f.2', '127.2', '0177.0.0.2', '127.0.0.2.', '①②⑦.0.0.②', '[::ffff:7f00:2]'])(
    'is an address in every spelling of %s, and never resolved',
    async (spelling) => {
      expect(await outcome(spelling)).toEqual(REFUSED);
      expect(dns.questions).toEqual([]);
    },
  );

  it('is that of DNS, also where the system has another address for it', async () => {
    expect(await outcome('localhost')).toEqual(REFUSED);
    dns.set('localhost', [HERE]);
    expect(await outcome('localhost')).toMatchObject({ body: 'hello' });
    dns.set('localhost', [FORBIDDEN]);
    expect(await outcome('localhost')).toEqual(REFUSED);
  });
});

describe('An address of a source', () => {
  it('is connected to by the very address that was checked', async () => {
    const server = await startSourceServer(() => ok('hello'));
    const source = localSource({ ports: [server.port] });
    expect(await outcomeOf(source, `http://2130706433:${server.port}/`)).toMatchObject({ body: 'hello' });
    expect(server.requests[0]!.headers.host).toBe(`127.0.0.1:${server.port}`);
    expect(server.requests[0]!.socket.localAddress).toBe('127.0.0.1');
    await server.close();
  });
});
