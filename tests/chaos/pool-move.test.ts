import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AnswerLog } from './answer-log.ts';
import { Random } from './random.ts';
import { Traffic } from './traffic.ts';
import { failedClones, readStoredMedia } from './stored-media.ts';
import { patterned } from '../support/files/byte-sources.ts';
import { logIn, type Client } from '../support/http/client.ts';
import { ROOT_PASSWORD } from '../support/program/platter.ts';
import { createTestDatabase, rowsOf } from '../support/database/test-database.ts';
import { closeTestBuckets, openTestBucket, type TestBucket } from '../support/s3/test-bucket.ts';
import { folderPoolFixture } from '../support/fixtures/pool-fixture.ts';
import { until } from '../support/waiting/until.ts';
import { Installation, type Settings } from '../acceptance/start-up/installation.ts';
import { poolsFile } from '../acceptance/start-up/pools-file.ts';
import type { Program } from '../acceptance/start-up/program.ts';

const CONTENT = patterned(300_000);
const UPLOADS = 5;

describe('platter pool move', () => {
  let url: string;
  let bucket: TestBucket;
  let installation: Installation;
  let file: string;
  let settings: Settings;
  beforeAll(async () => {
    url = (await createTestDatabase({ migrated: false })).url;
    bucket = await openTestBucket();
    installation = await Installation.beside(url);
    file = join(installation.folder, 'pools.yml');
    settings = {
      ...bucket.credentials,
      PLATTER_ROOT_PASSWORD: ROOT_PASSWORD,
      PLATTER_POOLS_FILE: file,
      PLATTER_LEASE: '2',
      PLATTER_S3_SETTLE: '1',
    };
  });
  afterAll(closeTestBuckets);

  const onDisk = { path: 'disks', place: 1 };
  const inS3 = () => ({ backend: 's3', bucket: bucket.location.bucket, endpoint: bucket.location.endpoint });

  async function configure(pool: Readonly<Record<string, unknown>>): Promise<void> {
    await writeFile(file, poolsFile({ mpid: 1, name: 'pool', default: true, ...pool }));
  }

  async function isMoving(): Promise<boolean> {
    const [row] = await rowsOf(url, 'select count(*) filter (where place = 0) as left, count(*) as all from blobs');
    return Number(row!.left) < Number(row!.all);
  }

  /** Reads these items repeatedly until `isOver` returns true. Returns the number of reads. */
  async function readAll(client: Client, mids: readonly string[], isOver: () => boolean): Promise<number> {
    let reads = 0;
    while (!isOver()) {
      for (const mid of mids) {
        const { status, bytes } = await client.read(mid);
        expect([status, bytes.equals(CONTENT)]).toEqual([200, true]);
        reads += 1;
      }
    }
    return reads;
  }

  /** Runs traffic on both services for a while. */
  async function busy(clients: readonly Client[], answerLog: AnswerLog, token: string): Promise<void> {
    const traffic = clients.map((client, at) => new Traffic(client, answerLog, new Random(at), `${token} ${at}`));
    for (const each of traffic) await each.answers(10);
    for (const each of traffic) each.stop();
    for (const each of traffic) await each.ended;
  }

  async function doctor(): Promise<unknown> {
    const { code, output, complaints } = await installation.run(['doctor'], settings);
    return [code, output.split('\n').at(-1), complaints];
  }

  it('moves a pool from S3 to disk next to two services under load, also after it was killed', async () => {
    await configure(inS3());
    const first = installation.start(settings);
    const root = await logIn(await first.ready());
    const mids: string[] = [];
    for (let at = 0; at < UPLOADS; at += 1) {
      const { body } = await root.upload({ group: 0, name: `read ${at}` }, CONTENT);
      mids.push((body as { mid: string }).mid);
    }
    await first.stop();

    await configure({ ...inS3(), moving_to: onDisk });
    const beside = await Installation.beside(url);
    const services: Program[] = [installation.start(settings), beside.start(settings)];
    const [one, two] = await Promise.all(services.map(async (service) => logIn(await service.ready())));
    const answerLog = new AnswerLog();
    let isOver = false;
    const reading = readAll(two!, mids, () => isOver);

    const killed = installation.begin(['pool', 'move', '1', '--rate', '100KB'], settings);
    await until('it has begun', () => killed.complaints.includes('move from location 0 to location 1'));
    await busy([one!, two!], answerLog, 'first');
    await until('something has moved', isMoving);
    killed.signal('SIGKILL');
    await killed.ended();
    expect(await doctor()).toEqual([0, 'healthy', '']);

    const mover = installation.begin(['pool', 'move', '1', '--rate', '0', '--json'], settings);
    await until('it has begun', () => mover.complaints.includes('move from location 0 to location 1'));
    await busy([one!, two!], answerLog, 'second');
    expect(await mover.ended()).toEqual({ code: 0, signal: null });
    expect(mover.log).toMatchObject([{ status: 'moved', from: 0, to: 1, left: [] }]);
    isOver = true;
    expect(await reading).toBeGreaterThan(UPLOADS);
    const jobsLeft = `select id from jobs where state = 'started'`;
    await until('all clones are finished', async () => (await rowsOf(url, jobsLeft)).length === 0);
    await until(
      'all deleted items are purged',
      async () => (await rowsOf(url, `select id from media where state <> 'ready'`)).length === 0,
    );
    expect([await bucket.blobs(), await bucket.openUploads()]).toEqual([[], []]);
    expect(await rowsOf(url, 'select * from usage_drift')).toEqual([]);
    const depot = { databaseUrl: url, poolFixture: folderPoolFixture(join(installation.folder, 'disks')) };
    const found = new Map([...(await readStoredMedia(depot))].filter(([mid]) => !mids.includes(mid)));
    expect(answerLog.reconcile(found, await failedClones(depot))).toEqual([]);
    expect(await doctor()).toEqual([0, 'healthy', '']);
    for (const service of services) await service.stop();
  });

  it('lets the service start with the new location only', async () => {
    await configure(inS3());
    expect(await installation.refusal(settings)).toContain('bytes of it lie in location 1, which is not configured');
    await configure({ path: 'disks' });
    expect(await installation.refusal(settings)).toContain('bytes of it lie in location 1, which is not configured');
    await configure({ path: 'disks', moving_to: { ...inS3(), place: 1 } });
    const mixedUp = await installation.refusal(settings);
    expect(mixedUp).toContain(
      `belongs to location 1 of pool 1 of this installation, and not location 0: the pools file has to`,
    );
    expect(mixedUp).toContain(
      `belongs to location 0 of pool 1 of this installation, and not location 1: the pools file has to`,
    );

    await configure(onDisk);
    const nowhere = await installation.run(['pool', 'move', '1'], settings);
    expect([nowhere.code, nowhere.complaints]).toEqual([2, expect.stringContaining('add "moving_to"')]);
    const service = installation.start(settings);
    const root = await logIn(await service.ready());
    const { media } = await root.ask<{ media: { mid: string; name: string }[] }>('POST /m/media/list', { gid: 0 });
    const kept = media.find(({ name }) => name === 'read 0');
    expect((await root.read(kept!.mid)).bytes.equals(CONTENT)).toBe(true);
    await service.stop();
  });
});
