import { freshName } from '../../support/http/client.ts';
import { openFaultyProxy, type Fault, type FaultyProxy } from '../../support/s3/faulty-proxy.ts';
import { openTestBucket, type TestBucket } from '../../support/s3/test-bucket.ts';
import { until } from '../../support/waiting/until.ts';
import { Installation } from '../../acceptance/start-up/installation.ts';
import { poolsFile } from '../../acceptance/start-up/pools-file.ts';
import { expectError } from '../../acceptance/velocity/provocation.ts';
import { beginUpload } from '../../acceptance/velocity/raw-upload.ts';
import { mediaOf, midOf, openScene, untilAdmitted, type Scene } from '../../acceptance/velocity/scene.ts';
import {
  bring,
  BYTES,
  expectOthersSwept,
  expectOthersWell,
  ILL,
  makeGroupOnBoth,
  remove,
  upload,
} from './two-pools.ts';

const MIB = 1024 * 1024;
const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'];
const WAITING = 'removals wait until the pool can be used';

describe('A pool in S3', () => {
  let bucket: TestBucket;
  let proxy: FaultyProxy;
  let scene: Scene;
  let gid: number;
  let settings: Readonly<Record<string, string>>;
  beforeAll(async () => {
    bucket = await openTestBucket();
    const { endpoint, bucket: name } = bucket.location;
    proxy = await openFaultyProxy(endpoint!);
    const ill = { mpid: ILL, name: 'ill', backend: 's3', bucket: name, endpoint: proxy.url };
    const { PLATTER_S3_SETTLE = '1' } = bucket.settings;
    settings = { ...bucket.credentials, PLATTER_S3_TIMEOUT: '2', PLATTER_S3_SETTLE, PLATTER_LEASE: '1' };
    scene = await openScene({
      poolsFile: poolsFile({ mpid: 1, name: 'well', path: 'well', default: true }, ill),
      bucket: { ...bucket, settings: {} },
      env: settings,
    });
    gid = await makeGroupOnBoth(scene);
  });
  afterEach(() => proxy.mend());
  afterAll(async () => {
    await scene.platter.stop();
    await proxy.close();
  });

  function befall(fault: Fault): void {
    for (const method of METHODS) proxy.break(fault, method, /./, Infinity);
  }

  function waits(): number {
    return scene.platter.log.filter(({ msg }) => msg === WAITING).length;
  }

  it.each<[string, Fault]>([
    ['hangs', 'silence'],
    ['breaks every connection', 'cut'],
    ['answers that it is broken', 'broken'],
  ])('whose server %s says so, and nothing else is held up or lost by it', async (_, fault) => {
    const [kept, unwanted, unread] = [
      await bring(scene, gid, ILL),
      await bring(scene, gid, ILL),
      await bring(scene, gid, ILL),
    ];
    const name = freshName('media');
    const connection = await beginUpload(scene.root, { group: gid, pool: ILL, name }, 2 * MIB);
    await connection.send(Buffer.alloc(MIB));
    await untilAdmitted(scene, name);
    await until('it has begun', async () => (await bucket.openUploads()).length === 1);
    const waited = waits();
    befall(fault);

    const asked = [scene.root.read(kept), upload(scene, gid, ILL), upload(scene, gid, ILL, { readonly: false })];
    for (const answer of asked) expectError(await answer, 301, 503);
    await remove(scene, unwanted);
    connection.reset();
    await until('the log says that it waits', () => waits() > waited);
    await expectOthersWell(scene, gid);
    await expectOthersSwept(scene);
    expect((await mediaOf(scene, gid)).map(({ mid }) => mid).sort()).toEqual([kept, unread].sort());
    expect(waits()).toBe(waited + 1);

    proxy.mend();
    await until('what was removed goes', async () => {
      return (await bucket.blobs()).every(([key]) => key === kept || key === unread);
    });
    await until('what was begun goes', async () => (await bucket.openUploads()).length === 0);
    expect((await scene.root.read(kept)).bytes).toEqual(BYTES);
    for (const mid of [await bring(scene, gid, ILL, { name }), kept, unread]) await remove(scene, mid);
  });

  it('whose server fails some parts gets them again, and nobody hears of it', async () => {
    const content = Buffer.alloc(20 * MIB, 'parts of media');
    proxy.break('busy', 'PUT', /partNumber=1&/, 2);
    proxy.break('broken', 'PUT', /partNumber=2&/, 2);
    proxy.break('cut-request', 'PUT', /partNumber=3&/, 1);
    const order = { group: gid, pool: ILL, name: freshName('media') };
    const mid = midOf(await scene.root.upload(order, content));
    expect(await bucket.blobs()).toEqual([[mid, content.length]]);
    proxy.break('broken', 'GET', new RegExp(mid), 2);
    expect((await scene.root.read(mid)).bytes.equals(content)).toBe(true);
    await remove(scene, mid);
  });

  it('that hangs is told of by the doctor, who goes on to the others', async () => {
    befall('silence');
    const { database, dataDirectory } = scene.platter;
    const doctor = await Installation.beside(database.url);
    const { code, output } = await doctor.run(['doctor', '--json'], {
      ...settings,
      PLATTER_POOLS_FILE: `${dataDirectory}/pools.yml`,
    });
    const { unchecked, pools } = JSON.parse(output) as { unchecked: { pool: number }[]; pools: { id: number }[] };
    expect([code, unchecked.map(({ pool }) => pool), pools.map(({ id }) => id)]).toEqual([2, [ILL], [1]]);
  });
});
