import { freshName } from '../../support/http/client.ts';
import { LongContent, FileServer } from '../../support/sources/file-server.ts';
import { gate } from '../../support/waiting/gate.ts';
import { until } from '../../support/waiting/until.ts';
import { TusRequests } from '../tus/tus-requests.ts';
import { makeUser, openScene, poolOf, type Scene } from '../velocity/scene.ts';
import { openMediaScene, type Item, type ItemPage, type MediaScene } from './media-scene.ts';
import { expectProblem, NativeClient } from './native-client.ts';

interface Job {
  readonly id: string;
  readonly state: string;
  readonly media: string;
  readonly [field: string]: unknown;
}

const MIB = 1_048_576;

let source: FileServer;
let scene: Scene;
let media: MediaScene;
beforeAll(async () => {
  source = await FileServer.open();
  scene = await openScene({ env: { ...source.settings, PLATTER_SHUTDOWN_GRACE: '1' } });
  media = await openMediaScene(scene);
});
// An import that a failed test left would go on for ever.
let released = gate();
beforeEach(() => void (released = gate()));
afterEach(() => released.open());
afterAll(async () => source.close());

async function begin(url: string, order: object = {}): Promise<Job> {
  return media.owner.ask<Job>('POST /imports', {
    url,
    group: media.group,
    name: freshName('import'),
    read_only: true,
    ...order,
  });
}

async function ended({ id }: Pick<Job, 'id'>): Promise<Job> {
  return until('the import ends', async () => {
    const job = await media.owner.ask<Job>(`GET /jobs/${id}`);
    return job.state === 'running' ? null : job;
  });
}

async function itemOf(job: Job): Promise<Item> {
  return media.owner.ask<Item>(`GET /media/${job.media}`);
}

async function contentOf(job: Job): Promise<string> {
  return (await media.owner.call(`GET /media/${job.media}/content`)).text;
}

async function expectNothingOf(job: Job): Promise<void> {
  expect((await media.owner.call(`GET /media/${job.media}`)).status).toBe(404);
  await until('its bytes are deleted', async () => !JSON.stringify(await scene.platter.stored()).includes(job.media));
}

describe('POST /v1/imports', () => {
  it('imports an item, which says where it comes from', async () => {
    const content = new LongContent(300_000);
    const url = source.serve('/releases/harbour 3.1.img', content);
    const before = (await poolOf(scene, media.group)).used;
    const { status, headers, body } = await media.owner.call('POST /imports', {
      url: `${url}?signature=hidden`,
      group: media.group,
      read_only: true,
      checksum: `sha512:${content.digest('sha512')}`,
    });
    const job = body as Job;
    expect([status, headers.location]).toEqual([202, `/v1/jobs/${job.id}`]);
    expect(job).toMatchObject({ operation: 'import', source: null, group: media.group });
    expect(await ended(job)).toMatchObject({
      state: 'done',
      failure: null,
      failure_detail: null,
      phase: null,
      copied_bytes: 300_000,
      total_bytes: 300_000,
    });
    expect(await itemOf(job)).toMatchObject({
      name: 'harbour 3.1.img',
      size: 300_000,
      type: 'DISK',
      sha256: content.digest(),
      origin: {
        kind: 'import',
        url: `${url}?…`,
        checksum: `sha512:${content.digest('sha512')}`,
        through: 'native',
      },
    });
    expect(await contentOf(job)).toBe(content.whole().toString());
    expect((await poolOf(scene, media.group)).used - before).toBe(300_000);
  });

  it('finds the checksum by the file name of the URL', async () => {
    const content = new LongContent(1000);
    const url = source.serve('/3.1/harbour.img', content);
    const sums = `${'0'.repeat(64)} *other.img\r\n${content.digest()} *harbour.img\r\n`;
    const text = Buffer.from(sums);
    const file = { size: text.length, from: (at: number) => [text.subarray(at)][Symbol.iterator]() };
    source.files.set('/3.1/SHA256SUMS', { content: file as unknown as LongContent, etag: null });
    const job = await begin(url, { checksum_url: url.replace('harbour.img', 'SHA256SUMS') });
    expect(await ended(job)).toMatchObject({ state: 'done' });
    expect(await itemOf(job)).toMatchObject({ origin: { checksum: `sha256:${content.digest()}` } });
  });

  it('keeps bytes with another checksum from being seen, and says which they have', async () => {
    const content = new LongContent(1000);
    const expected = `sha256:${'0'.repeat(64)}`;
    const job = await begin(source.serve('/wrong.img', content), { checksum: expected });
    const failed = await ended(job);
    expect(failed).toMatchObject({ state: 'failed', failure: 'checksum-differs' });
    expect(failed.failure_detail).toContain(`is sha256:${content.digest()} instead of ${expected}`);
    await expectNothingOf(job);
  });

  it('goes on where a connection broke', async () => {
    const content = new LongContent(4 * MIB);
    const before = source.sent;
    const job = await begin(source.serve('/broken.img', content, { breaksEvery: 1.5 * MIB }));
    expect(await ended(job)).toMatchObject({ state: 'done' });
    expect(await itemOf(job)).toMatchObject({ sha256: content.digest() });
    expect(source.requests.filter(({ path }) => path === '/broken.img').map(({ range }) => range)).toEqual([
      null,
      `bytes=${1.5 * MIB}-`,
      `bytes=${3 * MIB}-`,
    ]);
    expect(source.sent - before).toBe(content.size);
  });

  it('ends when the source changes in the middle', async () => {
    const url = source.serve('/changing.img', new LongContent(4 * MIB), { breaksEvery: MIB });
    source.files.get('/changing.img')!.onRequest = async (range) => {
      if (range !== null) source.files.get('/changing.img')!.etag = '"another"';
      return Promise.resolve();
    };
    const job = await begin(url);
    expect(await ended(job)).toMatchObject({ state: 'failed', failure: 'source-changed' });
    await expectNothingOf(job);
  });

  it('needs the largest size where the source does not tell its length, and charges what came', async () => {
    const content = new LongContent(MIB + 1);
    const url = source.serve('/endless.img', content, { tellsLength: false });
    expect(await ended(await begin(url))).toMatchObject({ state: 'failed', failure: 'length-required' });
    const before = (await poolOf(scene, media.group)).used;
    const job = await begin(url, { size: 4 * MIB });
    expect(await ended(job)).toMatchObject({ state: 'done', total_bytes: MIB + 1 });
    expect(await itemOf(job)).toMatchObject({ size: MIB + 1, stored_bytes: MIB + 1, sha256: content.digest() });
    expect((await poolOf(scene, media.group)).used - before).toBe(MIB + 1);
  });

  it('shows its progress, charges it as importing, and leaves nothing when it is cancelled', async () => {
    const reached = gate();
    const pause = {
      at: 2 * MIB,
      until: async () => {
        reached.open();
        await released.opened;
      },
    };
    const name = freshName('import');
    const url = source.serve('/slow.img', new LongContent(4 * MIB), { pause });
    const job = await begin(url, { name });
    await reached.opened;
    const path = `GET /groups/${media.group}/usage`;
    const running = await until('its process writes', async () => {
      const found = await media.owner.ask<Job>(`GET /jobs/${job.id}`);
      return found.phase === 'downloading' ? found : null;
    });
    expect(running).toMatchObject({ state: 'running', total_bytes: 4 * MIB });
    expect(JSON.stringify(await media.owner.ask(path))).toContain(`"importing_bytes":${4 * MIB}`);
    const entries = await media.owner.ask<ItemPage>(`${path}/1/entries`);
    expect(entries.items.find(({ id }) => id === job.media)).toMatchObject({ name, size: 4 * MIB, kind: 'importing' });
    expect(await itemOf(job)).toMatchObject({ state: 'uploading', stored_bytes: null, sha256: null });
    expect((await media.owner.call(`GET /media/${job.media}/content`)).status).toBe(404);
    expect((await media.owner.ask<ItemPage>('GET /uploads')).items.map(({ id }) => id)).not.toContain(job.media);
    expect((await TusRequests.by(media.velocity).head(`/uploads/${job.media}`)).status).toBe(404);
    expectProblem(await media.owner.call(`DELETE /uploads/${job.media}`), 404, 'unknown-upload');

    expect((await media.owner.call(`DELETE /jobs/${job.id}`)).status).toBe(204);
    expect(await media.owner.ask(`GET /jobs/${job.id}`)).toMatchObject({ state: 'failed', failure: 'cancelled' });
    expect(JSON.stringify(await media.owner.ask(path))).toContain('"importing_bytes":0');
    released.open();
    await expectNothingOf(job);
    const again = await begin(source.serve('/other.img', new LongContent(1)), { name });
    expect(await ended(again)).toMatchObject({ state: 'done' });
    expectProblem(await media.owner.call(`DELETE /jobs/${again.id}`), 409, 'job-ended');
  });

  it('fails with one sentence for hosts that are closed and for those that it may not reach', async () => {
    const closed = await FileServer.open();
    const url = `http://127.0.0.1:${closed.port}/x.img`;
    await closed.close();
    const refused = await ended(await begin('http://169.254.169.254/latest/meta-data/'));
    expect(refused).toMatchObject({ state: 'failed', failure: 'source-unreachable' });
    expectProblem(await media.owner.call('POST /imports', { url, group: media.group }), 400, 'url-invalid');
    expect(await ended(await begin(`${source.serve('/x', new LongContent(1))}y`))).toMatchObject({
      failure: 'source-refused',
      failure_detail: expect.stringContaining('404') as string,
    });
  });

  it('refuses what its caller may not do, and what it does not understand', async () => {
    const order = { url: 'https://images.example/a.img', group: media.group };
    const lister = NativeClient.by((await makeUser(scene, media.group, 'velocity.media.list')).client);
    for (const client of [media.member, lister]) {
      expectProblem(await client.call('POST /imports', order), 403, 'permission-missing');
    }
    expectProblem(await media.stranger.call('POST /imports', order), 404, 'group-not-found');
    expectProblem(await media.owner.call('POST /imports', { ...order, pool: 99 }), 404, 'pool-not-found');
    for (const url of ['a.img', 'file:///etc/passwd', 'https://user:secret@images.example/a.img']) {
      const answer = await media.owner.call('POST /imports', { ...order, url });
      expectProblem(answer, 400, 'url-invalid');
      expect(answer.body).toMatchObject({ field: 'url' });
    }
    expectProblem(
      await media.owner.call('POST /imports', { ...order, url: 'https://images.example/' }),
      400,
      'name-invalid',
    );
    for (const [field, value] of [
      ['colour', 'red'],
      ['checksum', 'md5:00'],
      ['checksum_url', 'https://images.example/SHA256SUMS'],
    ] as const) {
      const checksum = `sha256:${'0'.repeat(64)}`;
      const answer = await media.owner.call('POST /imports', { ...order, checksum, [field]: value });
      expectProblem(answer, 400, 'malformed');
      expect(answer.body).toMatchObject({ field });
    }
    const taken = freshName('import');
    await ended(await begin(source.serve('/taken.img', new LongContent(1)), { name: taken }));
    expectProblem(await media.owner.call('POST /imports', { ...order, name: taken }), 409, 'media-name-taken');
  });

  it('shows the query of a URL nowhere', async () => {
    // URLs are stored in their normal form, which has no spaces.
    const secret = freshName('secret').replace(' ', '-');
    const url = source.serve('/secret.img', new LongContent(1000));
    const done = await ended(await begin(`${url}?token=${secret}`));
    const failed = await ended(await begin(`${url}x?token=${secret}`));
    const seen = [done, failed, await itemOf(done), await NativeClient.by(scene.root).ask('GET /audit?limit=100')];
    expect(JSON.stringify([...seen, ...scene.platter.log])).not.toContain(secret);
  });
});
