import { createConnection, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { percentile } from '../frame/statistics.ts';
import type { Load, Served, Step } from './load.ts';

// Reads a `Load` as JSON from standard input, and prints a `Served` as one line of JSON. The
// HTTP/1.1 client is minimal, to cost little CPU: every response must have a Content-Length.
const END_OF_HEAD = '\r\n\r\n';

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** A keep-alive connection. */
class Connection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void } | null = null;

  constructor(port: number) {
    this.#socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', (error) => this.#waiting?.reject(error));
    this.#socket.on('close', () => this.#waiting?.reject(new Error('the connection was closed')));
  }

  async ask(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#waiting = null;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnd = this.#received.indexOf(END_OF_HEAD);
    if (headEnd < 0) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.#waiting?.reject(new Error(`an answer without a length: ${head}`));
      return;
    }
    const bodyAt = headEnd + END_OF_HEAD.length;
    if (this.#received.length < bodyAt + Number(length)) return;
    const body = this.#received.subarray(bodyAt);
    this.#received = Buffer.alloc(0);
    this.#waiting?.resolve({ status: Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)), body });
  }
}

function written({ method, path, headers, body = '' }: Step): string {
  const lines = Object.entries({ Host: '127.0.0.1', 'Content-Type': 'application/json', ...headers });
  const head = [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return `${head}\r\nContent-Length: ${Buffer.byteLength(body)}${END_OF_HEAD}${body}`;
}

const { port, connections, seconds, steps } = JSON.parse(await text(process.stdin)) as Load;
// A step with placeholders is serialised for each request.
const prepared = steps.map((step) => ({ step, fixed: /#n|#mid/.test(JSON.stringify(step)) ? null : written(step) }));
const latencies = steps.map((): number[] => []);
let count = 0;
let named = 0;

async function cycle(connection: Connection): Promise<void> {
  named += 1;
  const name = `${process.pid}-${named}`;
  let mid = '';
  for (const [index, { step, fixed }] of prepared.entries()) {
    const body = step.body?.replace('#n', name).replace('#mid', mid);
    const request = fixed ?? written({ ...step, ...(body === undefined ? {} : { body }) });
    const begun = performance.now();
    const { status, body: answered } = await connection.ask(request);
    latencies[index]?.push(performance.now() - begun);
    if (status !== 200) throw new Error(`${step.method} ${step.path}: ${status} ${answered.toString()}`);
    if (fixed === null) mid = (JSON.parse(answered.toString()) as { mid?: string }).mid ?? '';
  }
  count += 1;
}

const cpuBefore = process.cpuUsage();
const begun = performance.now();
await Promise.all(
  Array.from({ length: connections }, async () => {
    const connection = new Connection(port);
    while (performance.now() - begun < seconds * 1000) await cycle(connection);
    connection.close();
  }),
);
const took = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
const served: Served = {
  cycles: count,
  seconds: took,
  cpu: (user + system) / 1e6,
  p50: percentile(latencies.flat(), 0.5),
  p99: percentile(latencies.flat(), 0.99),
  steps: latencies.map((ofStep) => ({ p50: percentile(ofStep, 0.5), p99: percentile(ofStep, 0.99) })),
};
process.stdout.write(`${JSON.stringify(served)}\n`);
