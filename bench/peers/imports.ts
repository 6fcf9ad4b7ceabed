import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ask } from '../client/ask.ts';
import type { Transfers } from '../client/transfers.ts';
import type { Bench } from '../frame/bench.ts';
import { CannotRun, type Contender } from '../frame/row.ts';
import { startNginx } from './nginx.ts';
import type { Platter } from './platter.ts';
import { status } from './server.ts';

const MIB = 2 ** 20;

/** A file that nginx serves. */
export interface ServedFile {
  readonly port: number;
  readonly url: string;
}

/** Starts nginx with one file of `bytes` bytes. */
export async function serveFile(bench: Bench, transfers: Transfers, bytes: number): Promise<ServedFile> {
  const nginx = await startNginx(bench, { sendfile: true });
  await status(nginx, transfers, bytes);
  const [, path = ''] = (await nginx.download()).split(' ');
  return { port: nginx.port, url: `http://127.0.0.1:${nginx.port}${path}` };
}

/** The settings by which Platter may import from a server on this machine. */
export function importsFrom({ port }: ServedFile): Readonly<Record<string, string>> {
  return { PLATTER_IMPORT_NETWORKS: '127.0.0.1', PLATTER_IMPORT_PORTS: String(port) };
}

/** Imports a URL `count` times at once. Resolves when all items are ready. */
export async function importFile({ url, basic, gid }: Platter, source: string, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const order = { url: source, name: `import ${index}`, group: gid };
      let job = await ask<Job>(url, 'POST', '/v1/imports', basic, order);
      while (job.state === 'running') {
        await delay(20);
        job = await ask<Job>(url, 'GET', `/v1/jobs/${job.id}`, basic);
      }
      if (job.state === 'failed') throw new Error(`the import failed: ${job.failure_detail ?? ''}`);
    }),
  );
}

interface Job {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly failure_detail?: string | null;
}

/**
 * Returns the commands that people use in the place of an import.
 *
 * @throws CannotRun without curl
 */
export async function curlWithDigest(bench: Bench, source: string, bytes: number): Promise<Contender> {
  const run = promisify(execFile);
  if ((await run('curl', ['--version']).catch(() => null)) === null) throw new CannotRun('curl is not installed');
  const file = join(await bench.folder(), 'file');
  return {
    name: 'curl && sha256sum',
    async measure() {
      const begun = performance.now();
      await run('sh', ['-c', 'curl --silent --fail -o "$1" "$2" && sha256sum "$1"', 'sh', file, source]);
      const seconds = (performance.now() - begun) / 1000;
      await rm(file);
      return { figure: bytes / MIB / seconds };
    },
  };
}
