import { cpuSeconds } from '../frame/processes.ts';
import type { Contender } from '../frame/row.ts';
import type { Transfers } from '../client/transfers.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** A server on this machine that accepts large files. */
export interface FileServer {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  /** Returns the head of a request that uploads a new file of this size. */
  upload(bytes: number): Promise<string>;
  /** Deletes all uploaded files. */
  empty(): Promise<void>;
}

/** A server that also serves files. */
export interface Catalogue extends FileServer {
  /** Returns the head of a request for its one file. */
  download(): Promise<string>;
}

/** The figure of a transfer. */
export type Aspect = 'MiB/s' | 'CPU seconds per GiB';

/**
 * Measures concurrent uploads of `bytes` bytes. The files are deleted outside the measured time.
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

/** Measures concurrent downloads of its one file, of `bytes` bytes. */
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
    throw new Error(`${server.name} sent ${received} bytes instead of ${expected}`);
  }
  const cpu = { server: cpuSeconds(server.pid) - before, client };
  return { figure: aspect === 'MiB/s' ? moved / MIB / seconds : cpu.server / (moved / GIB), cpu };
}

/** Uploads one file, and keeps it. */
export async function status(catalogue: Catalogue, transfers: Transfers, bytes: number): Promise<void> {
  await transfers.go(catalogue.port, [await catalogue.upload(bytes)], bytes);
}
