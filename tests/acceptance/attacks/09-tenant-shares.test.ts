import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { freshName, type Client } from '../../support/http/client.ts';
import { scrape } from '../../support/http/scrape.ts';
import { head } from '../../support/http/raw-http.ts';
import { until } from '../../support/waiting/until.ts';
import { openCloud, type Cloud, type CloudScene, type Drive } from '../cloudsigma/cloud.ts';
import { openSocket } from '../hostile/open-socket.ts';
import { beginUpload } from '../velocity/raw-upload.ts';
import { createUserOf, createTenant, type Tenant } from './tenants.ts';

/** More than all buffers on the way hold. */
const LARGE_BYTES = 64 * 1024 * 1024;

/** A greedy tenant with a second account, and another tenant. */
interface TwoTenants {
  readonly scene: CloudScene;
  readonly greedy: Tenant;
  readonly accomplice: Client;
  readonly victim: Tenant;
}

async function openTwoTenants(env: Readonly<Record<string, string>>): Promise<TwoTenants> {
  const scene = await openCloud({ env });
  const [greedy, victim] = [await createTenant(scene), await createTenant(scene)];
  return { scene, greedy, accomplice: (await createUserOf(greedy)).client, victim };
}

describe('Slow uploads of one tenant', () => {
  let sides: TwoTenants;
  beforeAll(async () => (sides = await openTwoTenants({ PLATTER_UPLOADS: '16' })));

  it('use a quarter of the slots, with any number of accounts, and leave the rest to other tenants', async () => {
    const { scene, greedy, accomplice, victim } = sides;
    const order = (gid: number): { group: number; name: string } => ({ group: gid, name: freshName('media') });
    const connections = await Promise.all(
      Array.from({ length: 24 }, async (_, at) =>
        beginUpload(at % 2 === 0 ? greedy.client : accomplice, order(greedy.gid), 1000),
      ),
    );
    await until(
      'all were admitted or refused',
      () => connections.filter(({ unread }) => unread.includes(' 503 ')).length === 20,
    );
    expect((await scrape(scene.platter.url)).value('platter_uploads_in_progress')).toBe(4);
    const refused = await greedy.client.upload(order(greedy.gid), 'abc');
    expect(refused).toMatchObject({ status: 503, body: { code: 301 } });
    expect(refused.headers['retry-after']).toMatch(/^[1-9]/);
    expect((await victim.client.upload(order(victim.gid), 'abc')).status).toBe(200);
    expect((await victim.cloud.send('POST /drives/upload/', 'abc')).status).toBe(201);
  });
});

describe('Clones of one tenant', () => {
  let sides: TwoTenants;
  beforeAll(async () => (sides = await openTwoTenants({ PLATTER_COPY_RATE: '1000' })));

  async function source(cloud: Cloud, bytes: number): Promise<string> {
    return (await cloud.send('POST /drives/upload/', randomBytes(bytes))).text;
  }

  it('do not delay a small clone of another tenant by slots or rate', async () => {
    const { greedy, victim } = sides;
    const large = await source(greedy.cloud, 2_000_000);
    for (let one = 0; one < 20; one += 1) await greedy.cloud.ask(`POST /drives/${large}/action/?do=clone`);
    const small = await source(victim.cloud, 1000);
    const { objects } = await victim.cloud.ask<{ objects: Drive[] }>(`POST /drives/${small}/action/?do=clone`);
    const { uuid } = objects[0]!;
    await until('the small clone is ready', async () => (await victim.cloud.get(uuid)).status === 'unmounted');
    const left = await greedy.cloud.ask<{ objects: Drive[] }>('GET /drives/detail/?limit=0');
    expect(left.objects.filter(({ status }) => status === 'cloning_dst')).toHaveLength(20);
    await greedy.cloud.ask('DELETE /drives/', { objects: left.objects.map((one) => ({ uuid: one.uuid })) });
  });
});

describe('Downloads that are not read', () => {
  let sides: TwoTenants;
  let drive: string;
  beforeAll(async () => {
    sides = await openTwoTenants({ PLATTER_DOWNLOADS: '16', PLATTER_UPLOAD_IDLE: '2' });
    ({ uuid: drive } = await sides.greedy.cloud.make({ size: LARGE_BYTES }));
  });

  /** Requests the whole drive and reads only the beginning of the response. */
  async function downloadUnread({ url, authkey }: Client): Promise<readonly [Socket, string]> {
    const socket = await openSocket(url);
    socket.write(head(`GET /m/media/${drive}/content`, { authorization: `Bearer ${authkey}` }));
    const [beginning] = (await once(socket, 'data')) as [Buffer];
    socket.pause();
    return [socket, beginning.toString('latin1')];
  }

  const activeDownloads = async (): Promise<number> =>
    (await scrape(sides.scene.platter.url)).value('platter_downloads_in_progress');

  it('use a quarter of the slots, are ended, and do not block another tenant', async () => {
    const { greedy, accomplice, victim } = sides;
    const small = await victim.cloud.make();
    const neglected = await Promise.all(
      Array.from({ length: 24 }, async (_, at) => downloadUnread(at % 2 === 0 ? greedy.client : accomplice)),
    );
    const statuses = neglected.map(([, beginning]) => Number(/^HTTP\/1.1 (\d+)/.exec(beginning)?.[1]));
    expect(statuses.filter((status) => status === 200)).toHaveLength(4);
    expect(statuses.filter((status) => status === 503)).toHaveLength(20);
    const { text: refusedHead } = { text: neglected.find(([, beginning]) => beginning.includes(' 503 '))![1] };
    expect(refusedHead).toMatch(/retry-after: [1-9]/i);
    expect((await victim.client.read(small.uuid)).status).toBe(200);
    expect((await victim.cloud.send(`GET /drives/${small.uuid}/download/`)).status).toBe(200);
    await until('the unread downloads have ended', async () => (await activeDownloads()) === 0);
    const answer = await greedy.cloud.send(`GET /drives/${drive}/download/`, '', { range: 'bytes=0-9' });
    expect([answer.status, answer.bytes.length]).toEqual([206, 10]);
  });

  it('are refused with the error of each dialect', async () => {
    const { greedy } = sides;
    for (let one = 0; one < 4; one += 1) await downloadUnread(greedy.client);
    const velocity = await greedy.client.read(drive);
    expect(velocity).toMatchObject({ status: 503, body: { code: 301 } });
    const cloudsigma = await greedy.cloud.send(`GET /drives/${drive}/download/`);
    expect(cloudsigma).toMatchObject({ status: 503, body: [{ error_type: 'backend' }] });
    expect(cloudsigma.headers['retry-after']).toMatch(/^[1-9]/);
    expect((await greedy.cloud.send(`HEAD /drives/${drive}/download/`)).status).toBe(200);
    await until('they have ended', async () => (await activeDownloads()) === 0);
  });
});
