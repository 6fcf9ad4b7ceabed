import { createCertificate, type Certificate } from '../../support/sources/certificate.ts';
import { startDnsServer, type DnsServer } from '../../support/sources/dns-server.ts';
import { localSource } from '../../support/sources/local-source.ts';
import { outcomeOf, type Outcome } from '../../support/sources/outcomes.ts';
import { ok, redirect, startSourceServer, type SourceServer } from '../../support/sources/source-server.ts';

const REFUSED = { code: 'source-unreachable', mayPass: false };

describe('The certificate of a source', () => {
  let dns: DnsServer;
  let certificate: Certificate;
  let server: SourceServer;
  let plain: SourceServer;
  beforeAll(async () => {
    certificate = await createCertificate('DNS:images.example', 'IP:127.0.0.1');
    dns = await startDnsServer();
    for (const name of ['images.example', 'other.example']) dns.set(name, ['127.0.0.1']);
    server = await startSourceServer(() => ok('hello'), { certificate });
    plain = await startSourceServer(() => ok('plain'));
  });
  afterAll(async () => Promise.all([dns.close(), server.close(), plain.close()]));

  async function outcome(host: string, ca = certificate.cert): Promise<Outcome> {
    const source = localSource({ ports: [server.port, plain.port], dns, ca });
    return outcomeOf(source, `https://${host}:${server.port}/`);
  }

  it('is that of the name, which the connection names', async () => {
    expect(await outcome('images.example')).toMatchObject({ body: 'hello' });
    expect(await outcome('images.example.')).toMatchObject({ body: 'hello' });
    expect(server.requests.at(-1)!.socket).toMatchObject({ servername: 'images.example' });
    expect(await outcome('127.0.0.1')).toMatchObject({ body: 'hello' });
    expect(server.requests.at(-1)!.socket).toMatchObject({ servername: false });
  });

  it('is refused for another name, and without trust, whatever the environment says', async () => {
    const before = server.requests.length;
    const other = await createCertificate('DNS:images.example');
    expect(await outcome('other.example')).toEqual(REFUSED);
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      expect(await outcome('images.example', other.cert)).toEqual(REFUSED);
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
    expect(server.requests.length).toBe(before);
  });

  it('is expected of servers that have none', async () => {
    const impatient = localSource({ ports: [plain.port], dns, timeouts: { connectMs: 50 } });
    expect(await outcomeOf(impatient, `https://images.example:${plain.port}/`)).toEqual({
      code: 'source-unreachable',
      mayPass: true,
    });
    expect(plain.requests).toEqual([]);
  });

  it('cannot be avoided by a redirect to http', async () => {
    const before = plain.connections;
    server.respond = () => redirect(`http://images.example:${plain.port}/`);
    expect(await outcome('images.example')).toEqual({
      code: 'source-refused',
      detail: { status: 302, fault: 'insecure-redirect' },
      mayPass: false,
    });
    expect(plain.connections).toBe(before);
    server.respond = ({ path }) => (path === '/' ? redirect('/next') : ok('hello'));
    expect(await outcome('images.example')).toMatchObject({ body: 'hello' });
  });

  it('may come after a redirect from http', async () => {
    plain.respond = () => redirect(`https://images.example:${server.port}/next`);
    const source = localSource({ ports: [server.port, plain.port], dns, ca: certificate.cert });
    expect(await outcomeOf(source, `http://images.example:${plain.port}/`)).toMatchObject({ body: 'hello' });
  });
});
