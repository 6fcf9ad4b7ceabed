import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { logIn } from '../support/http/client.ts';
import { startPlatter, type Platter, type PlatterOptions } from '../support/program/platter.ts';
import { openTestBucket } from '../support/s3/test-bucket.ts';
import { until } from '../support/waiting/until.ts';
import { Random } from './random.ts';
import { timeoutMs, times } from './repetitions.ts';

const MIB = 1024 * 1024;
const LENGTH = times('PLATTER_UPLOAD_MIB', 1024, 10 * 1024) * MIB;
const INTERRUPTIONS = times('PLATTER_UPLOAD_INTERRUPTIONS', 5, 20);
const KILLS = 2;
/** What may be sent twice: at most 64 MiB for each kill, and what was in the sockets. */
const MAX_SENT = LENGTH * 1.15;
const CHUNK = MIB;

interface TusAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

function chunkAt(offset: number): Buffer {
  return Buffer.alloc(CHUNK, (offset / CHUNK) % 251);
}

/** A client that continues where the server says. */
class TusClient {
  readonly #platter: Platter;
  readonly #authkey: string;
  #path = '/uploads/';
  sent = 0;

  constructor(platter: Platter, authkey: string) {
    this.#platter = platter;
    this.#authkey = authkey;
  }

  async create(sha256: string): Promise<void> {
    const pairs = { filename: 'image', group: '0', velocity_type: 'DISK', sha256 };
    const metadata = Object.entries(pairs).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`);
    const headers = { 'upload-length': LENGTH, 'upload-metadata': metadata.join(',') };
    const { status, headers: answered } = await this.#ask('POST', headers, null);
    expect(status).toBe(201);
    this.#path = String(answered.location);
  }

  async offset(): Promise<number> {
    return until('the offset', async () => {
      const answer = await this.#ask('HEAD', {}, null).catch(() => null);
      return answer?.status === 200 ? Number(answer.headers['upload-offset']) : null;
    }).then(Number);
  }

  /** Sends from `from`; breaks the connection off before `until`, unless that is the end. */
  async send(from: number, to: number): Promise<TusAnswer | null> {
    const headers = {
      'upload-offset': from,
      'content-type': 'application/offset+octet-stream',
      'content-length': LENGTH - from,
    };
    return this.#ask('PATCH', headers, { from, to }).catch(() => null);
  }

  async #ask(
    method: string,
    headers: Readonly<Record<string, string | number>>,
    body: { readonly from: number; readonly to: number } | null,
  ): Promise<TusAnswer> {
    return new Promise((resolve, reject) => {
      const sending = request(new URL(this.#path, this.#platter.url), {
        method,
        headers: { 'tus-resumable': '1.0.0', authorization: `Bearer ${this.#authkey}`, ...headers },
        agent: false,
      });
      sending.on('response', (answer) => {
        answer.resume();
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
        answer.on('error', reject);
      });
      sending.on('error', reject);
      sending.on('close', () => reject(new Error('the connection was closed')));
      if (body === null) sending.end();
      else void this.#write(sending, body.from, body.to).catch(reject);
    });
  }

  async #write(sending: ReturnType<typeof request>, from: number, to: number): Promise<void> {
    const closed = new Promise<void>((resolve) => sending.once('close', resolve));
    for (let at = from; at < to && !sending.destroyed;) {
      const chunk = chunkAt(at - (at % CHUNK)).subarray(at % CHUNK, Math.min(CHUNK, (at % CHUNK) + to - at));
      at += chunk.length;
      this.sent += chunk.length;
      await Promise.race([closed, new Promise<void>((resolve) => sending.write(chunk, () => resolve()))]);
    }
    if (to < LENGTH) sending.destroy();
    else sending.end();
  }
}

const POOLS: readonly { readonly name: string; readonly options: () => Promise<PlatterOptions> }[] = [
  { name: 'local disk', options: async () => Promise.resolve({}) },
  { name: 'S3', options: async () => ({ bucket: await openTestBucket() }) },
];

describe.each(POOLS)('An upload with broken connections and kills, on $name', ({ options }) => {
  it(
    `of ${LENGTH / MIB} MiB, ${INTERRUPTIONS} of them and ${KILLS} kill -9, sends little twice`,
    async () => {
      const platter = await startPlatter({ ...(await options()), env: { PLATTER_AUTHKEY_LIFETIME: '86400' } });
      const { authkey } = await logIn(platter.url);
      const hash = createHash('sha256');
      for (let at = 0; at < LENGTH; at += CHUNK) hash.update(chunkAt(at));
      const client = new TusClient(platter, authkey);
      await client.create(hash.digest('hex'));
      const random = new Random(7);
      const steps = INTERRUPTIONS + KILLS;
      for (let step = 1; step <= steps; step += 1) {
        const from = await client.offset();
        const to = Math.max(from, Math.floor((LENGTH * step) / (steps + 1)) + random.below(MIB));
        if (step % Math.ceil(steps / KILLS) === 1) {
          const sent = client.sent + (to - from);
          const broken = client.send(from, LENGTH);
          // A request that is refused, because bytes of the one before were still arriving, sends
          // less.
          await Promise.race([broken, until('enough is sent', () => client.sent >= sent)]);
          await platter.kill('SIGKILL');
          await broken;
          await platter.restart();
        } else await client.send(from, to);
      }
      const last = await until('the last byte is taken', async () => {
        const answer = await client.send(await client.offset(), LENGTH);
        return answer?.status === 409 || answer?.status === 423 ? null : answer;
      });
      expect(last).toMatchObject({ status: 204, headers: { 'upload-offset': String(LENGTH) } });
      expect(last.headers['platter-media']).toBeDefined();
      expect(client.sent).toBeLessThanOrEqual(MAX_SENT);
    },
    timeoutMs(LENGTH / MIB / 20),
  );
});
