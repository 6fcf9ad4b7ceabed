import { Agent, request } from 'node:http';
import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

/**
 * Replaces chunks.c on a machine without a compiler: the same arguments, input and line of JSON.
 */
const [port = '', file = '', uuid = '', ...numbers] = process.argv.slice(2);
const [bytes = 0, chunkBytes = 1, connections = 1] = numbers.map(Number);
const headers = Object.fromEntries(
  (await text(process.stdin))
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
);
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const count = Math.max(1, Math.floor(bytes / chunkBytes));

async function post(path: string, body: Uint8Array, type: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const length = { 'content-type': type, 'content-length': body.length };
    const options = { method: 'POST', agent, headers: { ...headers, ...length } };
    const asked = request(`http://127.0.0.1:${port}${path}`, options, (response) => {
      text(response).then((answer) => {
        if (response.statusCode === 200) resolve(answer);
        else reject(new Error(`POST ${path}: ${response.statusCode ?? ''} ${answer}`));
      }, reject);
    });
    asked.once('error', reject).end(body);
  });
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
const [begun, before] = [performance.now(), process.cpuUsage()];
const order = Array.from({ length: count }, (_, number) => ({ number, at: Math.random() }))
  .toSorted((one, other) => one.at - other.at)
  .map(({ number }) => number);

async function work(): Promise<void> {
  for (let number = order.pop(); number !== undefined; number = order.pop()) {
    const chunk = Buffer.from(JSON.stringify({ chunk_number: number, chunk_size: chunkBytes }));
    const asked = await post(`/api/2.0/drives/${uuid}/action/?do=upload_chunk`, chunk, 'application/json');
    const { link } = JSON.parse(asked) as { link: string };
    const length = number === count - 1 ? sent.length : chunkBytes;
    await post(link, sent.subarray(0, length), 'application/octet-stream');
  }
}

await Promise.all(Array.from({ length: connections }, work));
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(before);
agent.destroy();
process.stdout.write(`${JSON.stringify({ seconds, cpu: (user + system) / 1e6 })}\n`);
