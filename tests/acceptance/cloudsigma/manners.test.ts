import { connect } from 'node:net';
import { once } from 'node:events';
import { freshName, send } from '../../support/http/client.ts';
import { createTestDatabase, rowsOf } from '../../support/database/test-database.ts';
import { openDatabaseProxy } from '../velocity/database-proxy.ts';
import { Cloud, drive, expectFault, openCloud, createUser, type CloudScene, type Listed } from './cloud.ts';
import { STUCK_AFTER_MS } from '../../support/waiting/stuck-after.ts';

describe('The CloudSigma dialect', () => {
  let scene: CloudScene;
  let ann: Cloud;
  beforeAll(async () => {
    scene = await openCloud();
    ann = (await createUser(scene)).cloud;
  });

  describe('authentication', () => {
    it.each([
      ['nothing', undefined],
      ['another scheme', 'Bearer abc'],
      ['no colon', `Basic ${Buffer.from('ann').toString('base64')}`],
      ['an unknown name', `Basic ${Buffer.from('nobody:secret').toString('base64')}`],
    ])('fails with 401 for %s', async (_what, authorization) => {
      const headers = authorization === undefined ? {} : { authorization };
      const answer = await send(scene.platter.url, { method: 'GET', path: '/api/2.0/profile/', headers });
      expectFault(answer, 401, 'permission');
      expect(answer.headers['www-authenticate']).toMatch(/^Basic realm="/);
    });

    it('is needed for unknown paths', async () => {
      const answer = await send(scene.platter.url, { method: 'GET', path: '/api/2.0/nothing/' });
      expectFault(answer, 401, 'permission');
    });

    it('accepts users of Velocity, with colons and umlauts in the password', async () => {
      const [name, password] = [freshName('bärbel@example.com'), 'a:b:ü'];
      await scene.root.ask('PUT /u/user', { name, password });
      const profile = await new Cloud(scene.platter.url, name, password).ask<{ email: string }>('GET /profile/');
      expect(profile.email).toBe(name);
    });

    it('fails after the user is removed', async () => {
      const { cloud, uid } = await createUser(scene);
      await cloud.ask('GET /profile/');
      await scene.root.ask('DELETE /u/user', { uid });
      expectFault(await cloud.call('GET /profile/'), 401, 'permission');
    });

    it('has the same limit of failures per minute as Velocity', async () => {
      const { cloud } = await createUser(scene);
      const guess = new Cloud(cloud.url, cloud.name, 'a guess');
      for (let failures = 1; failures < 20; failures += 1) {
        expectFault(await guess.call('GET /profile/'), 401, 'permission');
      }
      const answer = await guess.call('GET /profile/');
      expectFault(answer, 429, 'permission');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    });
  });

  describe('pages of other origins', () => {
    it.each([[{ origin: 'https://evil.example' }], [{ origin: 'null' }], [{ 'sec-fetch-site': 'cross-site' }]])(
      'may change nothing: %j',
      async (headers) => {
        expectFault(await ann.call('POST /drives/', drive(), headers), 403, 'permission');
        expect((await ann.call('GET /profile/', undefined, headers)).status).toBe(200);
      },
    );

    it.each([
      [{ 'sec-fetch-site': 'same-origin' }],
      [{ 'sec-fetch-site': 'same-origin', origin: 'https://depot.example:8443', host: 'depot.example' }],
      [{ origin: 'https://depot.example', host: 'depot.example' }],
      [{ origin: 'https://depot.example', host: 'Depot.Example:443' }],
      [{ origin: 'http://depot.example', host: 'depot.example:80' }],
      [{ origin: 'http://depot.example:80', host: 'depot.example' }],
      [{ origin: 'http://[::1]:8090', host: '[::1]:8090' }],
    ])('are distinguished from our own: %j', async (headers) => {
      expect((await ann.call('POST /drives/', drive(), headers)).status).toBe(201);
    });

    it.each([
      [{ origin: 'https://depot.example', host: 'depot.example:80' }],
      [{ origin: 'http://depot.example', host: 'depot.example:443' }],
      [{ origin: 'ftp://depot.example', host: 'depot.example' }],
      [{ origin: 'http://depot.example', host: 'depot.example@evil.example' }],
      [{ 'sec-fetch-site': 'same-site', origin: 'https://other.example', host: 'depot.example' }],
    ])('are recognised by a default port: %j', async (headers) => {
      expectFault(await ann.call('POST /drives/', drive(), headers), 403, 'permission');
    });

    it('are recognised by Origin alone', async () => {
      const headers = { origin: ann.url, 'sec-fetch-site': 'same-origin' };
      expect((await ann.call('POST /drives/', drive(), headers)).status).toBe(201);
    });

    it.each(['us-ascii', 'utf8', 'ISO-8859-1', 'utf-16', 'klingon'])(
      'nor any charset change what a body says: %s',
      async (charset) => {
        const headers = { 'content-type': `application/json; charset=${charset}` };
        const answer = await ann.call('POST /drives/', { ...drive(), meta: { town: 'Köln' } }, headers);
        expect((answer.body as Listed).objects[0]).toMatchObject({ meta: { town: 'Köln' } });
      },
    );
  });

  it.each(['/drives', '/drives/', '//drives/', '/drives/detail', '/profile', '/profile/', '/capabilities'])(
    'takes paths with and without slashes: %s',
    async (path) => {
      expect((await ann.call(`GET ${path}`)).status).toBe(200);
    },
  );

  it.each([
    ['text/html', 406],
    ['application/xml, text/plain;q=0.5', 406],
    ['application/json;q=0', 406],
    ['*/*', 200],
    ['application/*', 200],
    ['text/html, */*;q=0.1', 200],
    ['application/json', 200],
    ['application/json; charset=utf-8', 200],
    ['Application/JSON;version=2;q=0.001', 200],
    ['text/html;q=0.9, application/json;profile="a, b;q=0";q=.5', 200],
    ['application/json;q=0, application/json;charset=utf-8', 200],
    ['*/*;q=0.1, application/json;charset=utf-8;q=0.000', 406],
    ['text/html, image/gif, *; q=.2', 200],
    ['', 200],
  ])('answers a client that accepts %s with %i', async (accept, status) => {
    const answer = await ann.call('GET /profile/', undefined, { accept });
    expect(answer.status).toBe(status);
    if (status === 406) expectFault(answer, 406, 'validation');
  });

  it('answers OPTIONS with the methods of a path', async () => {
    const wrong = await ann.call('POST /profile/', {});
    expectFault(wrong, 405, 'validation');
    expect(wrong.headers.allow).toBe('GET, HEAD, PUT, OPTIONS');
    const options = await ann.call('OPTIONS /drives/');
    expect([options.status, options.headers.allow]).toEqual([200, 'GET, HEAD, POST, DELETE, OPTIONS']);
    expectFault(await ann.call('PATCH /drives/'), 405, 'validation');
    expectFault(await ann.call('POST /drives/detail/'), 405, 'validation');
  });

  it('answers 404 to unknown paths', async () => {
    expectFault(await ann.call('GET /nothing/'), 404, 'notexist');
    expectFault(await ann.call('GET /'), 404, 'notexist');
    expectFault(await ann.call('GET /drives/%ff/'), 400, 'validation');
  });

  it('refuses bodies that are not JSON, and accepts empty ones declared as JSON', async () => {
    const { uuid } = await ann.make();
    expectFault(await ann.send('POST /drives/', '{"name"'), 400, 'validation');
    expectFault(await ann.send('POST /drives/', 'name=x', { 'content-type': 'application/json' }), 400, 'validation');
    expectFault(await ann.send('POST /drives/', ' '.repeat(70_000)), 413, 'validation');
    const empty = await ann.send(`DELETE /drives/${uuid}/`, '', { 'content-type': 'application/json' });
    expect(empty.status).toBe(204);
  });

  it('answers invalid HTTP in its own form', async () => {
    const { port } = scene.platter;
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.setTimeout(STUCK_AFTER_MS, () => socket.destroy(new Error('no answer')));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.write('POST /api/2.0/drives/ HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n');
    await once(socket, 'close');
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 400 [^]*\[\{"error_type":"validation",/);
  });

  it('reports all faults of a body at once, and of all its objects', async () => {
    const many = await ann.call('POST /drives/', { objects: [{ size: -1, media: 'tape', meta: { a: 1 } }] });
    expect(new Set(expectFault(many, 400, 'validation'))).toEqual(new Set(['media', 'meta', 'name', 'size']));
    const two = await ann.call('POST /drives/', [drive(), { ...drive(), size: 'big' }, { ...drive(), name: '' }]);
    expect(expectFault(two, 400, 'validation')).toEqual(['size', 'name']);
    expect(two.text).toContain('object 1: ');
  });

  it('always answers lists with their total', async () => {
    expectFault(await ann.call('POST /drives/', { objects: [] }), 400, 'validation');
    expectFault(await ann.call('POST /drives/', { objects: 'all' }), 400, 'validation');
    const tooMany = Array.from({ length: 101 }, () => drive());
    expectFault(await ann.call('POST /drives/', tooMany), 400, 'validation');
    expect((await ann.ask<Listed>('GET /drives/?limit=1')).meta.limit).toBe(1);
  });

  it('reports an unreachable database', async () => {
    const database = await createTestDatabase();
    const proxy = await openDatabaseProxy(database.url);
    const { boss, platter } = await openCloud({ database, env: { DATABASE_URL: proxy.url } });
    await boss.ask('GET /profile/');
    proxy.cut();
    const answer = await boss.call('GET /profile/');
    proxy.mend();
    expectFault(answer, 503, 'database');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    await boss.ask('GET /profile/');
    await platter.stop();
    await database.drop();
  });

  it('does not reveal internal causes', async () => {
    const { platter, boss } = await openCloud({ failures: 1 });
    await boss.ask('GET /drives/');
    await rowsOf(platter.database.url, 'alter table media_labels rename to elsewhere');
    const answer = await boss.call('GET /drives/');
    await rowsOf(platter.database.url, 'alter table elsewhere rename to media_labels');
    expectFault(answer, 500, 'backend');
    expect(answer.text).not.toContain('media_labels');
  });
});
