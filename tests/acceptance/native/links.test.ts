import type { OutgoingHttpHeaders } from 'node:http';
import { freshName, send, type Answer } from '../../support/http/client.ts';
import { beginReading, isReadToTheEnd } from '../../support/http/stalled-reader.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { until } from '../../support/waiting/until.ts';
import { makeAssignedGroup, makeUser, midOf, openScene, type Scene } from '../velocity/scene.ts';
import { expectProblem, NativeClient } from './native-client.ts';

interface CreatedLink {
  readonly id: string;
  readonly url: string;
  readonly expires_at: string;
  readonly networks: readonly string[];
  readonly last_used_at: string | null;
  readonly bytes_served: number;
}

const CONTENT = 'ten bytes.';
const PERMISSIONS = ['velocity.media.list', 'velocity.media.create', 'velocity.media.remove'];

let scene: Scene;
let root: NativeClient;
let gid: number;
let mid: string;
const name = 'déjà vu.iso';
beforeAll(async () => {
  scene = await openScene({ env: { PLATTER_TRUSTED_PROXIES: '127.0.0.1', PLATTER_LINKS_PER_USER: '8' } });
  root = NativeClient.by(scene.root);
  gid = await makeAssignedGroup(scene);
  mid = midOf(await scene.root.upload({ group: gid, name }, CONTENT));
});

async function link(order: object = {}, by = root): Promise<CreatedLink> {
  return by.ask(`POST /media/${mid}/links`, { expires_in: 3600, ...order });
}

async function revoke({ id }: CreatedLink): Promise<void> {
  await root.ask(`DELETE /media/${mid}/links/${id}`);
}

async function use(path: string, headers: OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
  return send(scene.platter.url, { method, path, headers });
}

describe('/v1/media/{media}/links', () => {
  it('creates a link whose URL has the name of the item and serves its bytes', async () => {
    const made = await link({ note: 'rack 7' });
    expect(made.url).toMatch(/^\/l\/[\w-]{43}\/d%C3%A9j%C3%A0%20vu\.iso$/);
    expect(Math.round((Date.parse(made.expires_at) - Date.now()) / 60_000)).toBe(60);
    const whole = await use(made.url);
    expect([whole.status, whole.text]).toEqual([200, CONTENT]);
    expect(whole.headers['content-disposition']).toContain("filename*=UTF-8''d%C3%A9j%C3%A0%20vu.iso");
    const part = await use(made.url, { range: 'bytes=4-8' });
    expect([part.status, part.text, part.headers['content-range']]).toEqual([206, 'bytes', 'bytes 4-8/10']);
    const top = await use(made.url, {}, 'HEAD');
    expect([top.status, top.text, top.headers['content-length']]).toEqual([200, '', '10']);
    expectProblem(await use(made.url, { range: 'bytes=10-' }), 416, 'range-refused');
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expectProblem(await use(made.url, {}, method), 405, 'wrong-method');
    }
    await revoke(made);
  });

  it('lists links with their use, without their secrets', async () => {
    const made = await link({ note: 'rack 8', networks: ['10.0.0.0/8', 'fd00::/8', '127.0.0.1'] });
    await use(made.url);
    await use(made.url, { range: 'bytes=0-3' });
    const listed = async (): Promise<readonly CreatedLink[]> =>
      (await root.ask<{ items: CreatedLink[] }>(`GET /media/${mid}/links`)).items;
    await until('the use is recorded', async () => (await listed())[0]?.bytes_served === 14);
    const [found] = await listed();
    expect(found).toEqual({
      id: made.id,
      creator: expect.any(String) as string,
      networks: ['10.0.0.0/8', 'fd00::/8', '127.0.0.1/32'],
      note: 'rack 8',
      created_at: expect.any(String) as string,
      expires_at: made.expires_at,
      last_used_at: expect.any(String) as string,
      bytes_served: 14,
    });
    await revoke(made);
    expect(await listed()).toEqual([]);
    expectProblem(await root.call(`DELETE /media/${mid}/links/${made.id}`), 404, 'link-not-found');
    expectProblem(await root.call(`DELETE /media/${mid}/links/none`), 404, 'link-not-found');
  });

  it('serves only clients in its networks, by the address that a trusted proxy reports', async () => {
    const made = await link({ networks: ['10.1.0.0/16', '2001:db8::/32'] });
    for (const [address, status] of [
      ['10.1.2.3', 200],
      ['::ffff:10.1.2.3', 200],
      ['2001:db8::7', 200],
      ['10.2.0.1', 404],
      ['2001:db9::7', 404],
    ] as const) {
      expect((await use(made.url, { 'x-forwarded-for': address })).status).toBe(status);
    }
    expectProblem(await use(made.url), 404, 'link-not-found');
    await revoke(made);
  });

  it('ends when it is revoked or expires, and is a 404 like any unknown secret', async () => {
    const [revoked, expired] = [await link(), await link()];
    await revoke(revoked);
    await rowsOf(
      scene.platter.database.url,
      `update links set expires_at = clock_timestamp() where id = '${expired.id}' returning id`,
    );
    const unknown = '/l/unknown/name';
    const answers = await Promise.all([revoked.url, expired.url, unknown].map(async (url) => use(url)));
    for (const answer of answers) expectProblem(answer, 404, 'link-not-found');
    const [first, ...others] = answers.map(({ body }) => ({ ...(body as object), request_id: '' }));
    for (const other of others) expect(other).toEqual(first);
    expectProblem(await use('/l/unknown'), 404, 'no-such-path');
  });

  it('has the rights that its creator has at each use', async () => {
    const { uid, client } = await makeUser(scene, gid, ...PERMISSIONS);
    const made = await link({}, NativeClient.by(client));
    expect((await use(made.url)).status).toBe(200);
    await root.ask(`DELETE /media/${mid}`);
    expectProblem(await use(made.url), 404, 'link-not-found');
    await root.ask(`POST /trash/${mid}/restore`, {});
    expect((await use(made.url)).status).toBe(200);
    await scene.root.ask('DELETE /u/user/permission', { uid, gid, permission: 'velocity.media.list' });
    expectProblem(await use(made.url), 404, 'link-not-found');
    await scene.root.ask('DELETE /u/user', { uid });
    expectProblem(await use(made.url), 404, 'link-not-found');
  });

  it('is for callers who may change the item, and of a limited number', async () => {
    const reader = NativeClient.by((await makeUser(scene, gid, 'velocity.media.list')).client);
    const stranger = NativeClient.by((await makeUser(scene)).client);
    const made = await link();
    const calls = [
      ['POST', `/media/${mid}/links`, { expires_in: 1 }],
      ['GET', `/media/${mid}/links`, undefined],
      ['DELETE', `/media/${mid}/links/${made.id}`, undefined],
    ] as const;
    for (const [method, path, body] of calls) {
      expectProblem(await reader.call(`${method} ${path}`, body), 403, 'permission-missing');
      expectProblem(await stranger.call(`${method} ${path}`, body), 404, 'media-not-found');
    }
    const { client } = await makeUser(scene, gid, ...PERMISSIONS);
    const owner = NativeClient.by(client);
    for (let count = 0; count < 8; count += 1) await link({}, owner);
    const more = await owner.call(`POST /media/${mid}/links`, { expires_in: 1 });
    expectProblem(more, 403, 'too-many-possessions');
  });

  it.each([
    ['no time', {}, 'expires_in'],
    ['a time beyond a year', { expires_in: 40_000_000 }, 'expires_in'],
    ['a network that is none', { expires_in: 1, networks: ['10.0.0.0/40'] }, 'networks'],
    ['an unknown field', { expires_in: 1, secret: 'mine' }, 'secret'],
  ])('refuses %s', async (_what, body, field) => {
    const answer = await root.call(`POST /media/${mid}/links`, body);
    expectProblem(answer, 400, 'malformed');
    expect(answer.body).toMatchObject({ field });
  });

  it('cuts running bodies off when it is revoked', async () => {
    const size = 64 * 1024 * 1024;
    const { mid: large } = await scene.root.ask<{ mid: string }>('PUT /m/media/create', {
      gid,
      mpid: 1,
      name: freshName('media'),
      size,
    });
    const made = await root.ask<CreatedLink>(`POST /media/${large}/links`, { expires_in: 3600 });
    const body = await beginReading(`${scene.platter.url}${made.url}`);
    await until('bytes are served', async () => {
      const { items } = await root.ask<{ items: CreatedLink[] }>(`GET /media/${large}/links`);
      return (items[0]?.bytes_served ?? 0) > 0;
    });
    await root.ask(`DELETE /media/${large}/links/${made.id}`);
    expect(await isReadToTheEnd(body)).toBe(false);
    await root.ask(`DELETE /media/${large}?permanent=true`);
  });

  it('leaves its secret in no log, no audit event and no row', async () => {
    const made = await link();
    const secret = made.url.split('/')[2]!;
    for (const path of [made.url, `//l//${secret}/x`, `/l/${secret}`, `/l/${secret}/a/b`]) {
      await use(path);
    }
    await use(made.url, {}, 'POST');
    await revoke(made);
    await use(made.url);
    await until('the requests are logged', () =>
      scene.platter.log.some(({ path, status }) => path === '/l/***/d%C3%A9j%C3%A0%20vu.iso' && status === 404),
    );
    expect(JSON.stringify(scene.platter.log)).not.toContain(secret);
    for (const table of ['audit_entries', 'links', 'media']) {
      const rows = await rowsOf(scene.platter.database.url, `select * from ${table}`);
      expect(JSON.stringify(rows)).not.toContain(secret);
    }
  });
});
