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
  uploadMedia,
  BYTES,
  expectHealthyPoolSwept,
  expectHealthyPoolUsable,
  FAULTY,
  createGroupOnBoth,
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
    const faulty = { mpid: FAULTY, name: 'faulty', backend: 's3', bucket: name, endpoint: proxy.url };
    const { PLATTER_S3_SETTLE = '1' } = bucket.settings;
    settings = { ...bucket.credentials, PLATTER_S3_TIMEOUT: '2', PLATTER_S3_SETTLE, PLATTER_LEASE: '1' };
    scene = await openScene({
      poolsFile: poolsFile({ mpid: 1, name: 'healthy', path: 'healthy', default: true }, faulty),
      bucket: { ...bucket, settings: {} },
      env: settings,
    });
    gid = await createGroupOnBoth(scene);
  });
  afterEach(() => proxy.mend());
  afterAll(async () => {
    await scene.platter.stop();
    await proxy.close();
  });

  function breakEveryRequest(fault: Fault): void {
    for (const method of METHODS) proxy.break(fault, method, /./, Infinity);
  }

  function waits(): number {
    return scene.platter.log.filter(({ msg }) => msg === WAITING).length;
  }

  it.each<[string, Fault]>([
    ['hangs', 'silence'],
    ['breaks every connection', 'cut'],
    ['answers 500', 'broken'],
  ])('whose server %s answers 503, and the other pool works on', async (_, fault) => {
    const [kept, unwanted, unread] = [
      await uploadMedia(scene, gid, FAULTY),
      await uploadMedia(scene, gid, FAULTY),
      await uploadMedia(scene, gid, FAULTY),
    ];
    const name = freshName('media');
    const connection = await beginUpload(scene.root, { group: gid, pool: FAULTY, name }, 2 * MIB);
    await connection.send(Buffer.alloc(MIB));
    await untilAdmitted(scene, name);
    await until('the multipart upload is open', async () => (await bucket.openUploads()).length === 1);
    const waited = waits();
    breakEveryRequest(fault);

    const answers = [
      scene.root.read(kept),
      upload(scene, gid, FAULTY),
      upload(scene, gid, FAULTY, { readonly: false }),
    ];
    for (const answer of answers) expectError(await answer, 301, 503);
    await remove(scene, unwanted);
    connection.reset();
    await until('the log says that removals wait', () => waits() > waited);
    await expectHealthyPoolUsable(scene, gid);
    await expectHealthyPoolSwept(scene);
    expect((await mediaOf(scene, gid)).map(({ mid }) => mid).sort()).toEqual([kept, unread].sort());
    expect(waits()).toBe(waited + 1);

    proxy.mend();
    await until('the object is deleted', async () => {
      return (await bucket.blobs()).every(([key]) => key === kept || key === unread);
    });
    await until('the multipart upload is aborted', async () => (await bucket.openUploads()).length === 0);
    expect((await scene.root.read(kept)).bytes).toEqual(BYTES);
    for (const mid of [await uploadMedia(scene, gid, FAULTY, { name }), kept, unread]) await remove(scene, mid);
  });

  it('whose server fails some parts gets them again, and clients see no error', async () => {
    const content = Buffer.alloc(20 * MIB, 'parts of media');
    proxy.break('busy', 'PUT', /partNumber=1&/, 2);
    proxy.break('broken', 'PUT', /partNumber=2&/, 2);
    proxy.break('cut-request', 'PUT', /partNumber=3&/, 1);
    const order = { group: gid, pool: FAULTY, name: freshName('media') };
    const mid = midOf(await scene.root.upload(order, content));
    expect(await bucket.blobs()).toEqual([[mid, content.length]]);
    proxy.break('broken', 'GET', new RegExp(mid), 2);
    expect((await scene.root.read(mid)).bytes.equals(content)).toBe(true);
    await remove(scene, mid);
  });

  it('that hangs is reported by the doctor, which examines the other pools', async () => {
    breakEveryRequest('silence');
    const { database, dataDirectory } = scene.platter;
    const doctor = await Installation.beside(database.url);
    const { code, output } = await doctor.run(['doctor', '--json'], {
      ...settings,
      PLATTER_POOLS_FILE: `${dataDirectory}/pools.yml`,
    });
    const { unchecked, pools } = JSON.parse(output) as { unchecked: { pool: number }[]; pools: { id: number }[] };
    expect([code, unchecked.map(({ pool }) => pool), pools.map(({ id }) => id)]).toEqual([2, [FAULTY], [1]]);
  });
});
