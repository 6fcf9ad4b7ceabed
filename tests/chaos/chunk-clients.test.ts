import { randomBytes } from 'node:crypto';
import type { Answer } from '../support/http/client.ts';
import { send } from '../support/http/client.ts';
import { head, RawConnection } from '../support/http/raw-http.ts';
import { ROOT_PASSWORD, type PlatterOptions } from '../support/program/platter.ts';
import { openTestBucket } from '../support/s3/test-bucket.ts';
import { Cloud, openCloud, type CloudScene, type Listed } from '../acceptance/cloudsigma/cloud.ts';
import { Random } from './random.ts';

const CHUNK_BYTES = 1024 ** 2;
const CONTENT = randomBytes(10 * CHUNK_BYTES + 777);
const COUNT = Math.floor(CONTENT.length / CHUNK_BYTES);
const NUMBERS = Array.from({ length: COUNT }, (_, number) => number);
const THREADS = 4;
const OCTETS = { 'content-type': 'application/octet-stream', accept: 'application/json' };

/** The last chunk has the remainder, too. */
function bytesOf(number: number): Uint8Array {
  const end = number === COUNT - 1 ? CONTENT.length : (number + 1) * CHUNK_BYTES;
  return CONTENT.subarray(number * CHUNK_BYTES, end);
}

/** Sends one chunk. Returns whether it is there; if not, the client sends it again later. */
type SendChunk = (uuid: string, number: number) => Promise<boolean>;

const POOLS: readonly { readonly name: string; readonly options: () => Promise<PlatterOptions> }[] = [
  { name: 'local disk', options: async () => Promise.resolve({}) },
  { name: 'S3', options: async () => ({ bucket: await openTestBucket() }) },
];

describe.each(POOLS)('A client of uploads in chunks, on $name', ({ options }) => {
  let scene: CloudScene;
  const random = new Random(16);
  beforeAll(async () => (scene = await openCloud(await options())));

  async function cutOff(path: string, headers: Readonly<Record<string, string>>, number: number): Promise<void> {
    const connection = await RawConnection.open(scene.platter.url);
    const { authorization } = scene.boss;
    const body = bytesOf(number);
    await connection.send(head(`POST ${path}`, { authorization, ...headers, 'content-length': body.length }));
    await connection.send(body.subarray(0, random.below(body.length)));
    connection.hangUp();
  }

  /** As pycloudsigma's `upload_client`: 416 for the link means that the chunk is there. */
  const byLink: SendChunk = async (uuid, number) => {
    const order = { chunk_number: number, chunk_size: CHUNK_BYTES };
    const { status, body } = await scene.boss.call(`POST /drives/${uuid}/action/?do=upload_chunk`, order);
    if (status !== 200) return status === 416;
    const { link } = body as { link: string };
    if (random.below(3) === 0) await cutOff(link, OCTETS, number);
    const answer = await send(scene.platter.url, {
      method: 'POST',
      path: link,
      headers: OCTETS,
      body: bytesOf(number),
    });
    return answer.status === 200;
  };

  /** As pycloudsigma's `resumable_upload` and resumable.js: it asks for the chunk first. */
  const byForm =
    (fieldsHaveNames: boolean): SendChunk =>
    async (uuid, number) => {
      const fields = {
        resumableChunkNumber: String(number + 1),
        resumableChunkSize: String(CHUNK_BYTES),
        resumableTotalSize: String(CONTENT.length),
        resumableIdentifier: 'disk.img',
        resumableFilename: 'disk.img',
      };
      const path = `/drives/${uuid}/upload/`;
      const asked = await scene.boss.call(`GET ${path}?${new URLSearchParams(fields).toString()}`);
      if (asked.status === 200) return true;
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) {
        if (fieldsHaveNames) form.append(name, new Blob([value]), name);
        else form.append(name, value);
      }
      form.append('file', new Blob([bytesOf(number)]), 'blob');
      const request = new Request('http://platter', { method: 'POST', body: form });
      const headers = { 'content-type': request.headers.get('content-type') ?? '' };
      if (random.below(3) === 0) await cutOff(`/api/2.0${path}`, headers, number);
      const answer: Answer = await scene.boss.send(`POST ${path}`, Buffer.from(await request.arrayBuffer()), headers);
      return answer.status === 200;
    };

  async function initialize(): Promise<string> {
    const order = { name: 'disk', media: 'disk', size: CONTENT.length };
    const { objects } = await scene.boss.ask<Listed>('POST /initupload/', { objects: [order] });
    return objects[0]!.uuid;
  }

  /** Sends the chunks from several threads, each until it is there. */
  async function sendAll(uuid: string, chunks: readonly number[], sendChunk: SendChunk): Promise<void> {
    const queue = chunks
      .map((number) => ({ number, at: random.below(1_000) }))
      .toSorted((one, other) => one.at - other.at)
      .map(({ number }) => number);
    async function work(): Promise<void> {
      for (let number = queue.shift(); number !== undefined; number = queue.shift()) {
        if (!(await sendChunk(uuid, number))) queue.push(number);
      }
    }
    await Promise.all(Array.from({ length: THREADS }, work));
  }

  async function expectWhole(uuid: string): Promise<void> {
    expect(await scene.boss.get(uuid)).toMatchObject({ status: 'unmounted', size: CONTENT.length });
    const { bytes } = await scene.boss.call(`GET /drives/${uuid}/download/`);
    expect(bytes.equals(CONTENT)).toBe(true);
  }

  it.each([
    ['asks for links', byLink],
    ['sends the forms of resumable.js', byForm(false)],
    ['sends forms whose fields have a filename', byForm(true)],
  ])('that %s from four threads, in any order, with repeats and cut-offs, is done', async (_what, sendChunk) => {
    const uuid = await initialize();
    const repeats = Array.from({ length: 4 }, () => random.below(COUNT));
    await sendAll(uuid, [...NUMBERS, ...repeats], sendChunk);
    await expectWhole(uuid);
  });

  it('continues after kill -9, without the chunks that are there', async () => {
    const uuid = await initialize();
    await sendAll(uuid, NUMBERS.slice(0, 4), byLink);
    const broken = sendAll(uuid, NUMBERS.slice(4), byLink).catch(() => undefined);
    await scene.platter.kill('SIGKILL');
    await broken;
    await scene.platter.restart();
    scene = { ...scene, boss: new Cloud(scene.platter.url, 'root', ROOT_PASSWORD) };
    for (const number of NUMBERS.slice(0, 4)) {
      const order = { chunk_number: number, chunk_size: CHUNK_BYTES };
      const { status } = await scene.boss.call(`POST /drives/${uuid}/action/?do=upload_chunk`, order);
      expect(status).toBe(416);
    }
    await sendAll(uuid, NUMBERS.slice(4), byLink);
    await expectWhole(uuid);
  });
});
