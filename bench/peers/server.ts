import { cpuSeconds } from '../frame/processes.ts';
import type { Contender } from '../frame/row.ts';
import type { Transfers } from '../client/transfers.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** A server on this machine that large files can be put into. */
export interface FileServer {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  /** The head of a request that puts a new file of so many bytes there. */
  upload(bytes: number): Promise<string>;
  /** Takes away all that was put there. */
  empty(): Promise<void>;
}

/** One that files can be had from, too. */
export interface Catalogue extends FileServer {
  /** The head of a request for the one file that lies there. */
  download(): Promise<string>;
}

/** What of a transfer is measured. */
export type Aspect = 'MiB/s' | 'CPU seconds per GiB';

/**
 * Clients that put files of `bytes` bytes there, all at once. What they put there is taken away
 * outside of the time that counts.
 */
export function uploading(
  server: FileServer,
  transfers: Transfers,
  clients: number,
  bytes: number,
  aspect: Aspect,
): Contender {
  return {
    name: server.name,
    async measure() {
      const heads = await Promise.all(Array.from({ length: clients }, async () => server.upload(bytes)));
      const measured = await measure(server, transfers, heads, bytes, clients * bytes, aspect);
      await server.empty();
      return measured;
    },
  };
}

/** Clients that get the file that lies there, of `bytes` bytes, all at once. */
export function downloading(catalogue: Catalogue, transfers: Transfers, clients: number, bytes: number): Contender {
  return {
    name: catalogue.name,
    async measure() {
      const heads = await Promise.all(Array.from({ length: clients }, async () => catalogue.download()));
      return measure(catalogue, transfers, heads, 0, clients * bytes, 'MiB/s', clients * bytes);
    },
  };
}

async function measure(
  server: FileServer,
  transfers: Transfers,
  heads: readonly string[],
  sent: number,
  moved: number,
  aspect: Aspect,
  expected?: number,
): ReturnType<Contender['measure']> {
  const before = cpuSeconds(server.pid);
  const { seconds, cpu: client, received } = await transfers.go(server.port, heads, sent);
  if (expected !== undefined && received !== expected) {
    throw new Error(`${server.name} sent ${received} bytes in the place of ${expected}`);
  }
  const cpu = { server: cpuSeconds(server.pid) - before, client };
  return { figure: aspect === 'MiB/s' ? moved / MIB / seconds : cpu.server / (moved / GIB), cpu };
}

/** Puts one file there, and leaves it. */
export async function status(catalogue: Catalogue, transfers: Transfers, bytes: number): Promise<void> {
  await transfers.go(catalogue.port, [await catalogue.upload(bytes)], bytes);
}
