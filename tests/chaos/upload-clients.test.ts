import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freshName } from '../support/http/client.ts';
import { STUCK_AFTER_MS } from '../support/waiting/stuck-after.ts';
import { until } from '../support/waiting/until.ts';
import { makeAssignedGroup, mediaOf, openScene, poolOf, type Scene } from '../acceptance/velocity/scene.ts';
import { Wire } from '../acceptance/tus/wire.ts';

const SIZE = 24 * 1024 * 1024;
const bytes = randomBytes(SIZE);
const sha256 = createHash('sha256').update(bytes).digest('hex');

let scene: Scene;
let wire: Wire;
let folder: string;
let file: string;
let gid: number;
let name: string;
beforeAll(async () => {
  scene = await openScene();
  folder = await mkdtemp(join(tmpdir(), 'platter-tus-'));
  file = join(folder, 'image');
  await writeFile(file, bytes);
});
afterAll(async () => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  gid = await makeAssignedGroup(scene);
  name = freshName('upload');
  wire = await Wire.open(() => scene.platter.port);
});

/** Runs an unmodified client in a process of its own; resolves with what it printed. */
async function run(client: string, chunkSize: number | null = null): Promise<unknown> {
  const order = {
    endpoint: `${wire.url}/uploads/`,
    authorization: `Bearer ${scene.root.authkey}`,
    file,
    chunkSize,
    metadata: { filename: name, name, group: String(gid), sha256 },
    memory: join(folder, name),
  };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', client, JSON.stringify(order)],
    { cwd: join(import.meta.dirname, '..', '..'), timeout: STUCK_AFTER_MS },
  );
  return JSON.parse(stdout) as unknown;
}

const TUS_JS_CLIENT = `
import * as tus from 'tus-js-client';
import { FileUrlStorage } from 'tus-js-client';
import { createReadStream, statSync } from 'node:fs';
const { endpoint, authorization, file, chunkSize, metadata, memory } = JSON.parse(process.argv[1]);
let attempts = 0;
const upload = new tus.Upload(createReadStream(file), {
  endpoint, metadata,
  uploadSize: statSync(file).size,
  chunkSize: chunkSize ?? Infinity,
  headers: { authorization },
  retryDelays: Array(100).fill(50),
  urlStorage: new FileUrlStorage(memory),
  fingerprint: async () => 'the file',
  onBeforeRequest: () => { attempts += 1; },
  onError: (error) => { console.log(JSON.stringify({ error: String(error) })); process.exit(0); },
  onSuccess: ({ lastResponse }) => console.log(JSON.stringify({ url: upload.url, attempts, media: lastResponse.getHeader('Platter-Media') ?? null })),
});
const [before] = await upload.findPreviousUploads();
if (before !== undefined) upload.resumeFromPreviousUpload(before);
upload.start();
`;

const UPPY = `
import Uppy from '@uppy/core';
import Tus from '@uppy/tus';
import { readFileSync } from 'node:fs';
const { endpoint, authorization, file, chunkSize, metadata } = JSON.parse(process.argv[1]);
const uppy = new Uppy();
uppy.use(Tus, { endpoint, headers: { authorization }, chunkSize: chunkSize ?? Infinity, retryDelays: Array(100).fill(50) });
uppy.addFile({ name: metadata.name, type: 'application/x-cd-image', data: readFileSync(file), meta: metadata });
const { successful, failed } = await uppy.upload();
console.log(JSON.stringify({ successful: successful.length, failed: failed.map(({ error }) => String(error)) }));
process.exit(0);
`;

const CHROMIUM = `
import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
const { endpoint, authorization, file, chunkSize, metadata } = JSON.parse(process.argv[1]);
const files = {
  '/': ['text/html', '<!doctype html><title>page</title><script src="/tus.min.js"></script>'],
  '/tus.min.js': ['text/javascript', readFileSync('node_modules/tus-js-client/dist/tus.min.js')],
  '/image': ['application/octet-stream', readFileSync(file)],
};
const pages = createServer(({ url }, response) => {
  const [type, content] = files[url] ?? ['text/plain', ''];
  response.setHeader('content-type', type).end(content);
}).listen(0, '127.0.0.1');
await once(pages, 'listening');
const browser = await playwright.launch({ executablePath: await chromium.executablePath(), args: chromium.args });
try {
  const page = await browser.newPage();
  await page.goto('http://127.0.0.1:' + pages.address().port + '/');
  const result = await page.evaluate(async ({ endpoint, authorization, chunkSize, metadata }) => {
    const image = new File([await (await fetch('/image')).blob()], 'image');
    return new Promise((resolve) => {
      const upload = new tus.Upload(image, {
        endpoint, metadata, chunkSize: chunkSize ?? Infinity, headers: { authorization }, retryDelays: Array(100).fill(50),
        onError: (error) => resolve({ error: String(error) }),
        onSuccess: ({ lastResponse }) => resolve({ url: upload.url, media: lastResponse.getHeader('Platter-Media') ?? null }),
      });
      upload.start();
    });
  }, { endpoint, authorization, chunkSize, metadata });
  console.log(JSON.stringify({ ...result, browser: browser.version() }));
} finally {
  await browser.close();
  pages.close();
}
`;

async function expectWhole(): Promise<void> {
  const [item, ...more] = await mediaOf(scene, gid);
  expect([item, more]).toEqual([expect.objectContaining({ name, size: SIZE }), []]);
  expect((await scene.root.read(item!.mid)).bytes.equals(bytes)).toBe(true);
  expect((await poolOf(scene, gid)).used).toBe(SIZE);
}

describe('tus-js-client', () => {
  it('uploads in one request, and learns which item came of it', async () => {
    const result = (await run(TUS_JS_CLIENT)) as { url: string; media: string };
    expect(result).toMatchObject({ media: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    expect(result.url).toBe(`${wire.url}/uploads/${result.media}`);
    await expectWhole();
  });

  it('uploads in chunks', async () => {
    expect(await run(TUS_JS_CLIENT, 1024 * 1024)).toMatchObject({ attempts: 25 });
    await expectWhole();
  });

  it('continues after each of ten interruptions, and sends hardly a byte twice', async () => {
    wire.cutEvery(SIZE / 12, 10);
    expect(await run(TUS_JS_CLIENT)).not.toHaveProperty('error');
    expect(wire.cuts).toBe(10);
    expect(wire.received).toBeLessThan(SIZE * 1.15);
    await expectWhole();
  });

  it('continues after the program was killed and started again', async () => {
    const client = run(TUS_JS_CLIENT, 256 * 1024);
    await until('half has arrived', () => wire.received > SIZE / 2);
    await scene.platter.kill('SIGKILL');
    wire.cut();
    await scene.platter.restart();
    Object.assign(scene.root, { url: scene.platter.url });
    expect(await client).not.toHaveProperty('error');
    await expectWhole();
  });
});

describe('@uppy/tus', () => {
  it('uploads in one request', async () => {
    expect(await run(UPPY)).toEqual({ successful: 1, failed: [] });
    await expectWhole();
  });

  it('uploads in chunks, over interruptions', async () => {
    wire.cutEvery(SIZE / 6, 3);
    expect(await run(UPPY, 2 * 1024 * 1024)).toEqual({ successful: 1, failed: [] });
    await expectWhole();
  });
});

describe('The browser build of tus-js-client, in Chromium, on a page of another origin', () => {
  it('uploads over interruptions, and may read which item came of it', async () => {
    wire.cutEvery(SIZE / 6, 3);
    const result = (await run(CHROMIUM)) as { url: string; media: string };
    expect(result).toMatchObject({ media: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    expect(wire.cuts).toBe(3);
    await expectWhole();
  });
});
