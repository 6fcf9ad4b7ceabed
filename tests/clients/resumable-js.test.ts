import { randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { Cloud, createUser, openCloud, type CloudScene, type Listed } from '../acceptance/cloudsigma/cloud.ts';
import { Wire } from '../acceptance/tus/wire.ts';
import { startBrowser } from '../console/browser.ts';
import { freshName } from '../support/http/client.ts';
import { openTestBucket } from '../support/s3/test-bucket.ts';
import { ResumablePage } from './resumable-page.ts';

const MIB = 2 ** 20;
const CONTENT = randomBytes(8 * MIB + 12_345);
const CHUNKS = 8;

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => browser.close());

describe.each(['local disk', 'S3'])('resumable.js 1.1.0 in Chromium, on %s', (kind) => {
  let scene: CloudScene;
  let ann: Cloud;
  let stranger: Cloud;
  let wire: Wire;
  let page: ResumablePage;
  let uuid: string;
  beforeAll(async () => {
    scene = await openCloud(kind === 'S3' ? { bucket: await openTestBucket() } : {});
    ann = (await createUser(scene)).cloud;
    stranger = (await createUser(scene)).cloud;
  });
  beforeEach(async () => {
    wire = await Wire.open(() => scene.platter.port);
    page = await ResumablePage.open(browser, wire.url, CONTENT);
    uuid = await begin(CONTENT.length);
  });
  afterEach(async () => {
    await page.page.context().close();
    await wire.close();
    await client().call(`DELETE /drives/${uuid}/`);
  });

  /** The address of the program changes when it restarts. */
  const client = (): Cloud => new Cloud(scene.platter.url, ann.name, ann.password);

  async function begin(size: number): Promise<string> {
    const drive = { name: freshName('drive'), media: 'disk', size };
    const { objects } = await client().ask<Listed>('POST /initupload/', { objects: [drive] });
    return objects[0]!.uuid;
  }

  async function upload(more: Partial<Parameters<ResumablePage['upload']>[0]> = {}): Promise<string> {
    return page.upload({ uuid, authorization: ann.authorization, fileName: 'disk.img', ...more });
  }

  async function expectWhole(): Promise<void> {
    expect(await client().get(uuid)).toMatchObject({ status: 'unmounted', size: CONTENT.length });
    const { bytes } = await client().call(`GET /drives/${uuid}/download/`);
    expect(Buffer.compare(bytes, CONTENT)).toBe(0);
  }

  it('uploads with its defaults, each chunk once', async () => {
    expect(await upload()).toBe('complete');
    expect(page.sent.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    await expectWhole();
  });

  it.each(['Größe – 磁盘 🖴.img', `${'long '.repeat(50)}.img`, 'a"b\\c%0d%0a.img'])(
    'uploads a file of the name %j, eight chunks at once',
    async (fileName) => {
      expect(await upload({ fileName, options: { simultaneousUploads: 8 } })).toBe('complete');
      await expectWhole();
    },
  );

  it('goes on by itself when connections break in the middle of chunks', async () => {
    wire.cutEvery(1.5 * MIB, 4);
    expect(await upload()).toBe('complete');
    expect(wire.cuts).toBe(4);
    await expectWhole();
  });

  it('goes on by itself after a restart of the server, with other chunks', async () => {
    const uploading = upload({ options: { simultaneousUploads: 1 } });
    await page.page.waitForResponse((response) => response.request().method() === 'POST');
    await scene.platter.restart();
    expect(await uploading).toBe('complete');
    await expectWhole();
  });

  it('sends after a reload only what is missing', async () => {
    expect(await upload({ options: { simultaneousUploads: 1 }, pauseAfter: 3 })).toBe('paused');
    await page.page.context().close();
    page = await ResumablePage.open(browser, wire.url, CONTENT);
    expect(await upload()).toBe('complete');
    expect(page.sent.length).toBeLessThanOrEqual(CHUNKS - 3);
    await expectWhole();
  });

  it('hears at once that the drive has another size', async () => {
    const other = await begin(CONTENT.length + 1);
    const message = await upload({ uuid: other });
    expect(JSON.parse(message)).toEqual([
      expect.objectContaining({ error_message: `the drive has ${CONTENT.length + 1} bytes` }),
    ]);
    expect(await client().get(other)).toMatchObject({ status: 'uploading' });
    await client().call(`DELETE /drives/${other}/`);
  });

  // The remainder would be a chunk of its own: the chunks of an upload are counted in one way.
  it('hears what is wrong when it is told to make all chunks equal', async () => {
    const message = await upload({ options: { forceChunkSize: true, simultaneousUploads: 1 } });
    expect(message).toMatch(/the chunk has exactly \d+ bytes|the drive has 8 chunks of this size/);
    expect(await client().get(uuid)).toMatchObject({ status: 'uploading' });
  });

  it('hears at once that its user may not send to the drive', async () => {
    const message = await upload({ authorization: stranger.authorization });
    expect(JSON.parse(message)).toEqual([expect.objectContaining({ error_type: 'notexist' })]);
  });
});
