import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench } from '../frame/bench.ts';
import { run, script } from '../frame/program.ts';

const BLOCK = 2 ** 20;
/** The largest file, in bytes; larger bodies repeat it. */
const LARGEST_FILE = 256 * BLOCK;

/** The result of one run of all clients at once. */
export interface Transferred {
  readonly seconds: number;
  /** CPU seconds of the client. */
  readonly cpu: number;
  /** Bytes of the bodies of all responses. */
  readonly received: number;
}

/** A drive to fill with chunks (docs/cloudsigma.md#uploads-in-chunks). */
export interface ChunkedBody {
  readonly uuid: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
  readonly chunkBytes: number;
  readonly connections: number;
}

/** Clients that transfer large bodies with little CPU. */
export interface Transfers {
  /** How they transfer bytes, for a remark. */
  readonly how: string;
  /** The file that they send: of the size of the bench, at most 256 MiB. */
  readonly file: string;
  /**
   * Sends a request per head, concurrently, each followed by `bytes` bytes.
   *
   * @throws Error when a response is not a 2xx
   */
  go(port: number, heads: readonly string[], bytes: number): Promise<Transferred>;
  /**
   * Sends the chunks of a drive in random order, each by a link that it asks for first.
   *
   * @throws Error when a response is not a 200
   */
  sendChunks(port: number, body: ChunkedBody): Promise<Pick<Transferred, 'seconds' | 'cpu'>>;
}

/** Prepares the clients, and their file in the page cache. */
export async function transfersOf(bench: Bench): Promise<Transfers> {
  const folder = await bench.folder();
  const file = join(folder, 'body');
  await fill(file, Math.min(LARGEST_FILE, bench.extent.size));
  const [compiled, chunks] = await Promise.all([compile(folder, 'transfer'), compile(folder, 'chunks')]);
  const command = compiled === null ? script('client/transfer.ts') : ([compiled] as const);
  const chunkCommand = chunks === null ? script('client/chunks.ts') : ([chunks] as const);
  return {
    how:
      compiled === null ? 'Node writing blocks to a socket (no C compiler here)' : 'sendfile from the page cache, in C',
    file,
    async go(port, heads, bytes) {
      const input = heads.map((head) => `${head.length}\n${head}`).join('');
      const [program, ...args] = command;
      const line = await run([program, ...args, String(port), file, String(bytes)], input);
      const { refused, ...done } = JSON.parse(line) as Transferred & { refused: number[] };
      if (refused.length > 0) throw new Error(`${refused.length} requests were refused: ${refused.join(', ')}`);
      return done;
    },
    async sendChunks(port, { uuid, headers, bytes, chunkBytes, connections }) {
      const input = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const [program, ...args] = chunkCommand;
      const numbers = [bytes, chunkBytes, connections].map(String);
      const line = await run([program, ...args, String(port), file, uuid, ...numbers], input.join(''));
      return JSON.parse(line) as { seconds: number; cpu: number };
    },
  };
}

/** Writes incompressible bytes that have the format of no image. */
async function fill(path: string, size: number): Promise<void> {
  const block = crypto.getRandomValues(new Uint8Array(65_536));
  const blocks = Buffer.concat(Array.from({ length: BLOCK / block.length }, () => block));
  const file = await open(path, 'w');
  try {
    for (let left = size; left > 0; left -= BLOCK) await file.write(blocks, 0, Math.min(left, BLOCK));
    await file.sync();
  } finally {
    await file.close();
  }
}

async function compile(folder: string, name: string): Promise<string | null> {
  const program = join(folder, name);
  try {
    await promisify(execFile)('cc', ['-O2', '-o', program, join(import.meta.dirname, `${name}.c`)], {
      timeout: 60_000,
    });
    return program;
  } catch {
    return null;
  }
}

/** Returns the head of a request whose connection closes after the response. */
export function headOf(method: string, path: string, headers: Readonly<Record<string, string | number>> = {}): string {
  const lines = Object.entries({ Host: '127.0.0.1', Connection: 'close', ...headers });
  return [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
}
