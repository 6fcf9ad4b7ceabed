import { once } from 'node:events';
import { freshName } from '../support/http/client.ts';
import { openFaultyProxy, type FaultyProxy } from '../support/s3/faulty-proxy.ts';
import type { LogLine } from '../support/program/platter-checks.ts';
import { head } from '../support/http/raw-http.ts';
import { openTestBucket } from '../support/s3/test-bucket.ts';
import { until } from '../support/waiting/until.ts';
import { openSocket } from '../acceptance/hostile/open-socket.ts';
import { midOf, openScene, type Scene } from '../acceptance/velocity/scene.ts';

const MIB = 1024 * 1024;
/** More than fits in all buffers on the way. */
const MUCH = Buffer.alloc(96 * MIB, 'much');
const LITTLE = Buffer.from('the bytes of media');

describe('A download from S3', () => {
  let proxy: FaultyProxy;
  let scene: Scene;
  beforeAll(async () => {
    const bucket = await openTestBucket();
    proxy = await openFaultyProxy(bucket.location.endpoint!);
    scene = await openScene({ bucket, env: { PLATTER_S3_ENDPOINT: proxy.url } });
  });
  afterAll(async () => {
    await scene.platter.stop();
    await proxy.close();
  });

  async function upload(bytes: Uint8Array): Promise<string> {
    return midOf(await scene.root.upload({ group: 0, name: freshName('media') }, bytes));
  }

  const pathOf = (mid: string): string => `/m/media/${mid}/content`;

  /** Sends the request for a download, and does not read the response. */
  async function ask(mid: string) {
    const socket = await openSocket(scene.platter.url);
    socket.write(head(`GET ${pathOf(mid)}`, { authorization: `Bearer ${scene.root.authkey}` }));
    return socket;
  }

  /** Resolves to the log line of the download of this item. */
  async function outcome(mid: string): Promise<LogLine> {
    return until('the download is over', () => scene.platter.log.find(({ path }) => path === pathOf(mid)));
  }

  const brokenOff = (): number => scene.platter.log.filter(({ msg }) => msg === 'an answer was cut off').length;

  it('is cut off when the S3 server breaks off, and the log says why', async () => {
    const mid = await upload(MUCH);
    proxy.break('cut-answer', 'GET', new RegExp(mid));
    await expect(scene.root.read(mid)).rejects.toThrow();
    expect(await outcome(mid)).toMatchObject({ status: 200, whole: false });
    await until('it is logged', () => brokenOff() === 1);
    expect((await scene.root.read(mid, { range: 'bytes=0-3' })).bytes).toEqual(MUCH.subarray(0, 4));
  });

  it('ends at once when its client disconnects, and is not logged as an error', async () => {
    const mid = await upload(MUCH);
    const before = brokenOff();
    const socket = await ask(mid);
    await once(socket, 'readable');
    await until('it is fetched', () => proxy.underway === 1);
    socket.resetAndDestroy();
    expect(await outcome(mid)).toMatchObject({ status: 200, whole: false });
    await until('nothing is fetched any more', () => proxy.underway === 0);
    expect(brokenOff()).toBe(before);
  });

  it('succeeds when its client hangs up right after the last byte', async () => {
    const mid = await upload(LITTLE);
    const socket = await ask(mid);
    let received = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      if (received.endsWith(LITTLE.toString())) socket.destroy();
    });
    await once(socket, 'close');
    expect(received).toMatch(/^HTTP\/1\.1 200 /);
    expect(await outcome(mid)).toMatchObject({ status: 200, whole: true });
  });
});
