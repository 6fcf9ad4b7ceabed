import { once } from 'node:events';
import { connect, createServer, isIPv4, type AddressInfo, type Server } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { startDnsServer, type DnsServer } from '../support/sources/dns-server.ts';
import { localSource } from '../support/sources/local-source.ts';
import { outcomeOf } from '../support/sources/outcomes.ts';
import { redirect, startSourceServer, type SourceServer } from '../support/sources/source-server.ts';
import { spellings } from './address-spellings.ts';
import { Random } from './random.ts';
import { seed, times } from './repetitions.ts';

const URLS = times('PLATTER_IMPORT_URLS', 600, 50_000);
/** The one address from which a source may redirect. */
const MIRROR = '127.0.0.9';

describe('Imports', () => {
  let dns: DnsServer;
  let mirror: SourceServer;
  let listener: Server;
  let port: number;
  let connections = 0;
  const start = seed();
  const random = new Random(start);
  const own = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  const targets = [...own, '0.0.0.0', '127.0.0.1', '127.0.0.2', '127.0.1.1', '127.255.255.254', '::', '::1'];

  beforeAll(async () => {
    dns = await startDnsServer();
    dns.set('mirror.example', [MIRROR]);
    // Listens on every address of this host, among them all of 127.0.0.0/8.
    listener = createServer((socket) => {
      connections += 1;
      socket.on('error', () => undefined).end();
    });
    listener.listen({ host: '::', ipv6Only: false, port: 0 });
    await once(listener, 'listening');
    ({ port } = listener.address() as AddressInfo);
    mirror = await startSourceServer(({ path }) => redirect(locationOf(path)), { address: MIRROR });
  });
  afterAll(async () => {
    listener.close();
    await Promise.all([dns.close(), mirror.close()]);
  });

  /** Returns a URL that leads to this host, in one of its spellings. */
  function nextUrl(index: number): string {
    const target = random.of(targets)!;
    if (random.below(5) > 0) return random.of(spellings(target, port, random))!;
    const name = `host-${index}.example`;
    const others = Array.from({ length: random.below(3) }, () => MIRROR);
    dns.set(name, random.below(2) === 0 ? [...others, target] : [target, ...others]);
    return `http://${name}:${port}/`;
  }

  it('connect to no address of this host, however a URL, a name or a redirect spells it', async () => {
    const source = localSource({ ports: [port, mirror.port], networks: [MIRROR], dns });
    const urls = Array.from({ length: URLS }, (_, index) => nextUrl(index));
    for (const url of urls) {
      const direct = await outcomeOf(source, url);
      expect({ seed: start, url, connections, ...direct }).toMatchObject({ connections: 0, mayPass: false });
      const location = `http://mirror.example:${mirror.port}/${encodeURIComponent(url)}`;
      const redirected = await outcomeOf(source, location);
      expect({ seed: start, url, connections, ...redirected }).toMatchObject({ connections: 0, mayPass: false });
    }
    expect(mirror.connections).toBeGreaterThanOrEqual(urls.length);
    // The kernel accepts connections in order: one before this would have been seen by now.
    await reach('127.0.0.1');
    expect(connections).toBe(1);
    connections = 0;
  });

  it('connect to none for the names of the system', async () => {
    const source = localSource({ ports: [port], networks: [] });
    for (const name of ['localhost', 'localhost.', 'localhost.localdomain', hostname(), `${hostname()}.`]) {
      await outcomeOf(source, `http://${name}:${port}/`);
    }
    await reach('127.0.0.1');
    expect(connections).toBe(1);
    connections = 0;
  });

  it('would connect, if the operator permitted all networks', async () => {
    const source = localSource({ ports: [port], networks: ['0.0.0.0/0', '::/0'], dns });
    const reachable = targets.filter((target) => isIPv4(target) || !target.startsWith('fe80'));
    const urls = reachable.flatMap((target) => spellings(target, port, random).slice(0, 4));
    for (const url of urls) await outcomeOf(source, url);
    expect(connections).toBe(urls.length);
  });

  async function reach(address: string): Promise<void> {
    const socket = connect(port, address);
    await once(socket, 'close');
  }
});

/** Returns the location that a path has for the mirror; the path itself if it is no encoded one. */
function locationOf(path: string): string {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return path;
  }
}
