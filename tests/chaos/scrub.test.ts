import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scrape } from '../support/http/scrape.ts';
import { freshName, logIn, type Client } from '../support/http/client.ts';
import { ROOT_PASSWORD } from '../support/program/platter.ts';
import { createTestDatabase, rowsOf } from '../support/database/test-database.ts';
import { until } from '../support/waiting/until.ts';
import { Cloud } from '../acceptance/cloudsigma/cloud.ts';
import { midOf } from '../acceptance/velocity/scene.ts';
import { Installation } from '../acceptance/start-up/installation.ts';
import type { Program } from '../acceptance/start-up/program.ts';

const SETTINGS = { PLATTER_ROOT_PASSWORD: ROOT_PASSWORD, PLATTER_LEASE: '1' };
const CONTENT = Buffer.from('the bytes of media');
/** The size of one read, so that no wait for the rate splits it. */
const LARGE = Buffer.alloc(100_000, 'large');

describe('platter scrub', () => {
  let database: string;
  let installation: Installation;
  let service: Program;
  let root: Client;
  beforeAll(async () => {
    database = (await createTestDatabase({ migrated: false })).url;
    installation = await Installation.beside(database);
    await serve();
  });

  async function serve(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    service = installation.start({ ...SETTINGS, ...settings });
    root = await logIn(await service.ready());
  }

  async function upload(content = CONTENT): Promise<string> {
    return midOf(await root.upload({ group: 0, name: freshName('media') }, content));
  }

  const scrub = async (...options: readonly string[]) => installation.run(['scrub', ...options], SETTINGS);

  async function countUnread(): Promise<number> {
    const [row] = await rowsOf(database, `select count(*)::int as number from blobs where scrubbed_at = '-infinity'`);
    return row!.number as number;
  }

  it('marks damaged media beside the service, which refuses them until they are restored', async () => {
    const [mid, sound] = [await upload(), await upload()];
    const path = join(installation.poolFolder, mid);
    const bytes = await readFile(path);
    await writeFile(path, Buffer.from(bytes).fill('x', 3, 4));
    const { code, output, complaints } = await scrub();
    expect([code, output.split('\n'), complaints]).toEqual([
      1,
      [
        `bytes-damaged: pool 1: the bytes of media ${mid} (blob ${mid}) are not those that came in`,
        'pool 1 ("default"): 2 blobs compared (54 bytes read), 0 measured, 0 writable skipped',
        '1 damaged',
      ],
      '',
    ]);

    for (const method of ['GET', 'HEAD'] as const) {
      const { status, headers } = await root.read(mid, {}, method);
      expect([status, headers['retry-after']]).toEqual([503, expect.stringMatching(/^[1-9]\d*$/)]);
      expect((await root.read(sound, {}, method)).headers['platter-warning']).toBeUndefined();
    }
    const boss = new Cloud(root.url, 'root', ROOT_PASSWORD);
    expect((await boss.send(`GET /drives/${mid}/download/`)).status).toBe(503);
    expect((await boss.call(`POST /drives/${mid}/action/?do=clone`)).status).toBe(503);
    expect((await scrape(root.url)).value('platter_pool_damaged_blobs{pool="1"}')).toBe(1);
    const doctor = await installation.run(['doctor', '--json'], SETTINGS);
    expect([doctor.code, JSON.parse(doctor.output)]).toMatchObject([
      1,
      { findings: [{ kind: 'bytes-damaged', media: mid }] },
    ]);

    await writeFile(path, bytes);
    expect(await scrub('--damaged', '--json')).toMatchObject({ code: 0, complaints: '' });
    expect((await root.read(mid)).bytes).toEqual(CONTENT);
    expect((await scrape(root.url)).value('platter_pool_damaged_blobs{pool="1"}')).toBe(0);
  });

  it('serves damaged media with PLATTER_SERVE_DAMAGED, with a warning and without ETag and digest', async () => {
    const mid = await upload();
    const path = join(installation.poolFolder, mid);
    const other = Buffer.alloc(CONTENT.length, 'x');
    await writeFile(path, other);
    expect((await scrub()).code).toBe(1);
    await service.stop();
    await serve({ PLATTER_SERVE_DAMAGED: 'true' });
    const boss = new Cloud(root.url, 'root', ROOT_PASSWORD);
    const whole = await root.read(mid);
    expect([whole.status, whole.bytes]).toEqual([200, other]);
    const part = await root.read(mid, { range: 'bytes=0-3' });
    expect([part.status, part.text]).toEqual([206, 'xxxx']);
    const head = await root.read(mid, {}, 'HEAD');
    const drive = await boss.send(`GET /drives/${mid}/download/`);
    expect([head.status, drive.status]).toEqual([200, 200]);
    for (const { headers } of [whole, part, head, drive]) {
      expect(headers['platter-warning']).toBe('bytes-damaged');
      expect([headers.etag, headers['repr-digest']]).toEqual([undefined, undefined]);
    }
    expect((await boss.call(`POST /drives/${mid}/action/?do=clone`)).status).toBe(503);
    await root.ask('DELETE /m/media', { mid });
    await service.stop();
    await serve();
  });

  it('continues after it was killed or stopped, and excludes a second scrub meanwhile', async () => {
    await rowsOf(database, 'update blobs set scrubbed_at = now()');
    for (let made = 0; made < 3; made += 1) await upload(LARGE);
    const slow = ['scrub', '--rate', '1'];

    // The first read passes at once; the next waits for the rate for more than a day.
    const killed = installation.begin(slow, SETTINGS);
    await until('the first blob is read', async () => (await countUnread()) === 2);
    const second = await scrub('--json');
    expect([second.code, JSON.parse(second.output)]).toMatchObject([
      2,
      { status: 'incomplete', pools: [], unchecked: [{ pool: null, reason: 'another scrub is under way' }] },
    ]);
    killed.signalGroup('SIGKILL');
    await killed.ended();

    const stopped = installation.begin([...slow, '--older-than', '1'], SETTINGS);
    await until('the next blob is read', async () => (await countUnread()) === 1);
    stopped.signal('SIGTERM');
    expect(await stopped.ended()).toEqual({ code: 0, signal: null });
    expect(stopped.strayLines.at(-1)).toBe('stopped: the next scrub continues from here');

    const { code, output } = await scrub('--older-than', '1', '--json');
    expect([code, JSON.parse(output)]).toEqual([
      0,
      {
        status: 'healthy',
        pools: [{ id: 1, name: 'default', compared: 1, measured: 0, writable: 0, bytesRead: LARGE.length }],
        unchecked: [],
        stopped: false,
        findings: [],
      },
    ]);
    await service.stop();
  });

  it.each([
    ['--pool', '7', /there is no pool 7/],
    ['--older-than', '1h', /must be a whole number/],
  ])('reports the fault of %s %s', async (option, value, says) => {
    const { code, complaints } = await scrub(option, value);
    expect([code, complaints]).toEqual([2, expect.stringMatching(says)]);
  });
});
