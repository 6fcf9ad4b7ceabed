import { randomUUID } from 'node:crypto';
import { ROOT_GROUP, type PoolId } from '../../../src/domain/shared/ids.ts';
import { insert, insertReady } from '../../contracts/media-depot.ts';
import type { Client } from '../../support/http/client.ts';
import type { TestDepot } from '../../support/fixtures/test-depot.ts';
import { libraryEntry, licenceNamed } from '../../support/fixtures/library-drives.ts';
import { WITHOUT_HOME } from '../../../src/domain/access/tenant.ts';
import { recordQueries } from '../../support/database/recorded-queries.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { openInProcessServer, type InProcessServer } from '../../support/http/in-process-server.ts';
import { Cloud, type Listed } from './cloud.ts';

/** Including the authentication of the caller. */
const MAX_QUERIES = 8;

describe('The number of database queries of a request', () => {
  let depot: TestDepot;
  let server: InProcessServer;
  let root: Client;
  let cloud: Cloud;
  let asked = 0;
  beforeAll(async () => {
    server = await openInProcessServer();
    ({ depot, root } = server);
    cloud = new Cloud(server.url, 'root', ROOT_PASSWORD);
    // The credentials are cached from now on.
    await cloud.ask('GET /profile/');
    recordQueries(depot.pool, () => (asked += 1));
  });
  afterAll(async () => server.close());

  /** Creates `more` media with labels and licences, library drives, and jobs. */
  async function add(number: number): Promise<void> {
    const root = await depot.work.run(async (tx) => (await tx.users.findCredential('root'))!.user);
    await depot.work.run(async (tx) => {
      await tx.licences.declare([licenceNamed('core', 12)]);
      for (let made = 0; made < number; made += 1) {
        const wanted = { pool: 1 as PoolId, group: ROOT_GROUP, createdBy: root.uuid };
        const media = await insertReady(tx, wanted);
        await tx.labels.store(media, { text: 'a label', meta: {}, shareable: false, affinities: [] }, root.uuid);
        const published = await insertReady(tx, wanted);
        const entry = libraryEntry({ facts: { name: published } });
        await tx.library.insert(published, entry);
        await tx.library.publish(published, entry);
        for (const id of [media, published]) await tx.licences.bind(id, [{ licence: 'core', amount: 1 }]);
        const target = await insert(tx, { ...wanted, state: 'cloning' });
        const job = {
          id: randomUUID() as never,
          owner: root.uuid,
          source: media,
          target,
          total: 0 as never,
          tenant: WITHOUT_HOME,
        };
        await tx.jobs.insert({ ...job, operation: 'clone', sourceBlob: media as never });
      }
    });
  }

  async function questionsOf(request: () => Promise<unknown>): Promise<number> {
    asked = 0;
    await request();
    return asked;
  }

  it.each<[path: string, each: number]>([
    ['/drives/', 2],
    ['/drives/detail/', 2],
    ['/drives/detail/?name__contains=label', 1],
    ['/libdrives/', 1],
    ['/libdrives/detail/?category=webserver&name__icontains=-', 1],
    ['/jobs/', 1],
  ])('does not grow with the list %s', async (path, each) => {
    const all = `${path}${path.includes('?') ? '&' : '?'}limit=0`;
    const list = async (): Promise<number> => (await cloud.ask<Listed>(`GET ${all}`)).objects.length;
    await add(3);
    const [few, many] = [await list(), 30];
    const before = await questionsOf(list);
    await add(many);
    expect(await list()).toBe(few + many * each);
    expect(await questionsOf(list)).toBe(before);
    expect(before).toBeLessThanOrEqual(MAX_QUERIES);
  });

  it('is two for a link to a chunk, and four each to admit and to record its bytes', async () => {
    const size = 40;
    const { objects } = await cloud.ask<{ readonly objects: readonly { readonly uuid: string }[] }>(
      'POST /initupload/',
      { objects: [{ name: 'in chunks', media: 'disk', size }] },
    );
    const linkTo = async (number: number): Promise<string> => {
      const order = { chunk_number: number, chunk_size: size / 4 };
      const action = `POST /drives/${objects[0]!.uuid}/action/?do=upload_chunk`;
      return (await cloud.ask<{ readonly link: string }>(action, order)).link;
    };
    const send = async (link: string): Promise<void> => {
      const headers = { 'content-type': 'application/octet-stream' };
      const sent = await fetch(new URL(link, server.url), { method: 'POST', headers, body: new Uint8Array(size / 4) });
      expect(sent.status).toBe(200);
    };
    // The first chunk fixes the chunk size.
    await send(await linkTo(0));
    let link = '';
    expect(await questionsOf(async () => (link = await linkTo(2)))).toBe(2);
    expect(await questionsOf(async () => send(link))).toBe(8);
  });

  it('does not grow with the media of a group in Velocity', async () => {
    const list = async (): Promise<unknown> => root.ask('POST /m/media/list', { gid: ROOT_GROUP });
    await add(1);
    const before = await questionsOf(list);
    await add(30);
    expect(await questionsOf(list)).toBe(before);
    expect(before).toBeLessThanOrEqual(MAX_QUERIES);
  });
});
