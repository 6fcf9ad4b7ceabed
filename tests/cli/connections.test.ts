import type { RequestListener } from 'node:http';
import { printableLines } from '../../src/client/values/printable.ts';
import { createDisk, openDepot, type Depot } from './depot.ts';
import type { Ended } from './command.ts';
import { CERTIFICATE, otherServer, tlsInFrontOf } from './other-servers.ts';

describe('The command line and its server', () => {
  let depot: Depot;
  beforeAll(async () => {
    depot = await openDepot();
    await createDisk(depot.api, 'kept.img');
  });

  const listAt = async (url: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
    depot.workplace.with({ PLATTER_URL: url, ...env }).run(['ls']);

  it('trusts a certificate of its own only when NODE_EXTRA_CA_CERTS says so', async () => {
    const url = await tlsInFrontOf(depot.platter.port);
    expect(await listAt(url)).toEqual({
      code: 6,
      output: '',
      complaints: expect.stringMatching(
        /^platter: the certificate of https:\S+ is not valid here: self-signed certificate\n.*NODE_EXTRA_CA_CERTS/,
      ) as string,
    });
    const trusting = await listAt(url, { NODE_EXTRA_CA_CERTS: CERTIFICATE });
    expect([trusting.code, trusting.output]).toEqual([0, expect.stringContaining('kept.img')]);
    const misnamed = await listAt(url.replace('127.0.0.1', 'localhost'), { NODE_EXTRA_CA_CERTS: CERTIFICATE });
    expect([misnamed.code, misnamed.complaints]).toEqual([
      6,
      expect.stringContaining('Use a name that the certificate has.'),
    ]);
  });

  it('says that a server speaks no TLS', async () => {
    const { code, complaints } = await listAt(depot.platter.url.replace('http:', 'https:'));
    expect([code, complaints]).toEqual([
      6,
      expect.stringMatching(/^platter: https:\S+ speaks no TLS\nPerhaps it begins with http:/),
    ]);
  });

  it('says how to use a proxy of the environment', async () => {
    const { code, complaints } = await listAt('http://127.0.0.1:9', { HTTPS_PROXY: 'http://127.0.0.1:10' });
    expect([code, complaints]).toEqual([6, expect.stringContaining('count with NODE_USE_ENV_PROXY=1')]);
  });

  it('says what to do with a token that was deleted or has expired', async () => {
    const { token, id } = await depot.api.ask<{ token: string; id: string }>('POST /tokens', {
      name: 'short',
      scope: 'read',
    });
    const workplace = depot.workplace.with({ PLATTER_TOKEN: token });
    expect(await workplace.run(['ls'])).toMatchObject({ code: 0 });
    await depot.api.ask(`DELETE /tokens/${id}`);
    expect(await workplace.run(['ls'])).toMatchObject({
      code: 4,
      output: '',
      complaints: expect.stringContaining('Run "platter login URL"') as string,
    });
  });

  it.each(['', 'plt_a\nplt_b', 'plt_é'])('refuses %j as a token', async (token) => {
    const { code, output, complaints } = await depot.workplace.with({ PLATTER_TOKEN: token }).run(['ls']);
    expect([code, output]).toEqual([2, '']);
    expect(complaints).toMatch(/^platter: (?:no login|the API token has characters that no token has)\n/);
  });

  const html: RequestListener = (_request, response) => response.end('<!doctype html><title>Hello</title>');
  const json: RequestListener = (_request, response) => response.end('{"hello":"world"}');
  const missing: RequestListener = (_request, response) => response.writeHead(404).end('<h1>Not Found</h1>');
  const hidden: RequestListener = (_request, response) => response.writeHead(404).end('\u001b[2J');
  const moved: RequestListener = (_request, response) =>
    response.writeHead(301, { location: 'https://depot.example/v1' }).end();
  const broken: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"items":', () => response.destroy());
  };
  const full: RequestListener = (_request, response) =>
    response
      .writeHead(507, { 'content-type': 'application/problem+json' })
      .end('{"title":"Full\\u009b2J","code":"no-space"}');
  const busy: RequestListener = (_request, response) => response.writeHead(503).end('upstream');

  it.each([
    ['1 for a page', html, 1, 'does not respond like Platter\nCheck the address.'],
    ['1 for another API', json, 1, 'does not respond like Platter\nCheck the address.'],
    ['1 where nothing is', missing, 1, 'status 404\nCheck the address. If it is right, the server is older'],
    ['1 and no control character', hidden, 1, 'status 404'],
    ['1 for a redirect', moved, 1, 'which leads to https://depot.example/v1\nUse the address that it leads to.'],
    ['6 for half a response', broken, 6, 'no answer from http://127.0.0.1'],
    ['5 for a full server', full, 5, 'Full\\u009b2J\nTell the operator of the server.'],
    ['6 for a gateway without a server', busy, 6, 'status 503'],
  ])('ends with %s', async (_, respond, code, complaint) => {
    const ended = await listAt(await otherServer(respond));
    expect(ended).toEqual({ code, output: '', complaints: expect.stringContaining(complaint) as string });
    expect(printableLines(ended.complaints)).toBe(ended.complaints);
  });

  it('says that a call is unknown to an older server', async () => {
    const url = await otherServer((_request, response) =>
      response
        .writeHead(404, { 'content-type': 'application/problem+json' })
        .end('{"title":"There is no such path","status":404,"code":"no-such-path"}'),
    );
    expect(await listAt(url)).toMatchObject({
      code: 1,
      complaints: expect.stringContaining('the server is older than this command and does not know it') as string,
    });
  });

  it('ends with 6 while the server is away, and works once it is back', async () => {
    const { platter } = depot;
    const { url } = platter;
    await platter.restart();
    expect(await listAt(url)).toMatchObject({ code: 6, output: '' });
    expect(await listAt(platter.url)).toMatchObject({ code: 0 });
  });
});
