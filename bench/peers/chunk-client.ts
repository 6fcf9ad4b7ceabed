import { Agent, request } from 'node:http';
import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

// Reads an `Order` as JSON from standard input. Uploads a drive in chunks, by links, over several
// connections and in random order; deletes it, and prints the duration of the upload.
interface Order {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly file: string;
  readonly bytes: number;
  readonly chunkBytes: number;
  readonly connections: number;
}

const order = JSON.parse(await text(process.stdin)) as Order;
const { url, headers, file, bytes, chunkBytes, connections } = order;
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const count = Math.max(1, Math.floor(bytes / chunkBytes));

async function send(method: string, path: string, body: Uint8Array, type: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const length = { 'content-type': type, 'content-length': body.length };
    const asked = request(url + path, { method, agent, headers: { ...headers, ...length } }, (response) => {
      text(response).then((answer) => {
        if ((response.statusCode ?? 500) < 300) resolve(answer);
        else reject(new Error(`${method} ${path}: ${response.statusCode ?? ''} ${answer}`));
      }, reject);
    });
    asked.once('error', reject).end(body);
  });
}

async function ask<T>(method: string, path: string, body: object): Promise<T> {
  const answer = await send(method, `/api/2.0${path}`, Buffer.from(JSON.stringify(body)), 'application/json');
  return (answer === '' ? undefined : JSON.parse(answer)) as T;
}

/** All chunks have the same bytes, except the last one, which is longer. */
async function content(): Promise<Buffer> {
  const largest = bytes - (count - 1) * chunkBytes;
  const source = await open(file);
  try {
    const { buffer } = await source.read(Buffer.alloc(largest), 0, largest, 0);
    return buffer;
  } finally {
    await source.close();
  }
}

const sent = await content();
const [begun, cpuBefore] = [performance.now(), process.cpuUsage()];
const drive = { name: 'chunks', media: 'disk', size: bytes };
const { objects } = await ask<{ objects: { uuid: string }[] }>('POST', '/initupload/', { objects: [drive] });
const uuid = objects[0]?.uuid ?? '';
const numbers = Array.from({ length: count }, (_, number) => ({ number, at: Math.random() }))
  .toSorted((one, other) => one.at - other.at)
  .map(({ number }) => number);

async function work(): Promise<void> {
  for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) {
    const chunk = { chunk_number: number, chunk_size: chunkBytes };
    const { link } = await ask<{ link: string }>('POST', `/drives/${uuid}/action/?do=upload_chunk`, chunk);
    const length = number === count - 1 ? sent.length : chunkBytes;
    await send('POST', link, sent.subarray(0, length), 'application/octet-stream');
  }
}

await Promise.all(Array.from({ length: connections }, work));
const seconds = (performance.now() - begun) / 1000;
const used = process.cpuUsage(cpuBefore);
const { status } = await ask<{ status: string }>('GET', `/drives/${uuid}/`, {});
if (status !== 'unmounted') throw new Error(`the drive is ${status}`);
await ask('DELETE', `/drives/${uuid}/`, {});
agent.destroy();
process.stdout.write(`${JSON.stringify({ seconds, cpu: (used.user + used.system) / 1e6 })}\n`);
