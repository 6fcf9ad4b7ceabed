import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../frame/bench.ts';
import { script, start } from '../frame/program.ts';
import { headOf } from '../client/transfers.ts';
import type { FileServer } from './server.ts';

/**
 * Starts `@tus/server` with its file store, which neither hashes nor syncs. A POST creates a file,
 * outside the measured time; one PATCH writes its bytes.
 */
export async function startTus(bench: Bench): Promise<FileServer> {
  const folder = await bench.folder();
  const files = join(folder, 'files');
  await mkdir(files);
  const { pid, readyLine } = await start(bench, {
    command: script('peers/tus-server.ts', files),
    ready: 'ready ',
    log: join(folder, 'log'),
  });
  const { port } = JSON.parse(readyLine.slice('ready '.length)) as { port: number };
  return {
    name: '@tus/server',
    pid,
    port,
    async upload(bytes) {
      const made = await fetch(`http://127.0.0.1:${port}/files`, {
        method: 'POST',
        headers: { 'Tus-Resumable': '1.0.0', 'Upload-Length': String(bytes) },
      });
      const location = made.headers.get('location');
      if (location === null) throw new Error(`@tus/server created no file: ${made.status} ${await made.text()}`);
      return headOf('PATCH', new URL(location, made.url).pathname, {
        'Tus-Resumable': '1.0.0',
        'Upload-Offset': 0,
        'Content-Type': 'application/offset+octet-stream',
        'Content-Length': bytes,
      });
    },
    async empty() {
      for (const name of await readdir(files)) await rm(join(files, name));
    },
  };
}
