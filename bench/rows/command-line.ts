import { copyFile, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../frame/bench.ts';
import { run } from '../frame/program.ts';
import type { Contender, Row } from '../frame/row.ts';
import { ask } from '../client/ask.ts';
import { transfersOf } from '../client/transfers.ts';
import { startPlatter, type Platter } from '../peers/platter.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'infrastructure', 'main.js');
const MIB = 2 ** 20;

/** Returns the command that runs the command line against this server, as its user root. */
async function platterCommand(bench: Bench, platter: Platter): Promise<readonly [string, ...string[]]> {
  const { token } = await ask<{ token: string }>(platter.url, 'POST', '/v1/tokens', platter.basic, {
    name: 'bench',
    scope: 'write',
  });
  const home = `HOME=${await bench.folder()}`;
  return ['env', home, `PLATTER_URL=${platter.url}`, `PLATTER_TOKEN=${token}`, process.execPath, MAIN];
}

/** Writes a file of this many bytes, which repeats that of the clients of the bench. */
async function largeFile(bench: Bench, size: number): Promise<string> {
  const { file } = await transfersOf(bench);
  const path = join(await bench.folder(), 'image.raw');
  await copyFile(file, path);
  const copied = (await stat(path)).size;
  const block = Buffer.alloc(MIB);
  const source = await open(file, 'r');
  const target = await open(path, 'a');
  try {
    for (let at = copied; at < size; at += MIB) {
      const { bytesRead } = await source.read(block, 0, Math.min(MIB, size - at), at % copied);
      await target.write(block, 0, bytesRead);
    }
    await target.sync();
  } finally {
    await source.close();
    await target.close();
  }
  return path;
}

function timed(
  name: string,
  command: readonly [string, ...string[]],
  bytes: number,
  after: () => Promise<void>,
): Contender {
  return {
    name,
    async measure() {
      const begun = performance.now();
      await run(command, '');
      const seconds = (performance.now() - begun) / 1000;
      await after();
      return { figure: bytes / MIB / seconds };
    },
  };
}

/** The command line hashes what it sends, as a careful user of curl would. */
export const commandLineUpload: Row = {
  name: 'cli-upload',
  title: 'platter upload / sha256sum and curl -T',
  unit: 'MiB/s',
  counts: 'ratio',
  better: 'more',
  atLeast: 0.9,
  dream: 1.2,
  async stage(bench) {
    const { size } = bench.extent;
    const platter = await startPlatter(bench);
    const file = await largeFile(bench, size);
    const command = await platterCommand(bench, platter);
    const upload = ['upload', file, '--group', String(platter.gid), '--type', 'DISK', '--read-only'];
    const headers = {
      ...platter.authkey,
      ...{ 'x-velocity-mpid': 1, 'x-velocity-gid': platter.gid, 'x-velocity-name': 'image.raw' },
      ...{ 'x-velocity-type': 'DISK', 'x-velocity-readonly': 'true' },
    };
    const options = Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`);
    const curl = `sha256sum '${file}' && curl -sSf -T '${file}' ${options.join(' ')} '${platter.url}/m/media/upload'`;
    const empty = async (): Promise<void> => platter.empty();
    return {
      subject: timed('platter upload', [...command, ...upload], size, empty),
      rival: timed('sha256sum; curl -T', ['sh', '-c', curl], size, empty),
    };
  },
};

export const commandLineStart: Row = {
  name: 'cli-start',
  title: 'platter ls of 50 items, from the start of the process to its end',
  unit: 's',
  counts: 'figure',
  better: 'less',
  atLeast: 0.25,
  dream: 0.15,
  async stage(bench) {
    const platter = await startPlatter(bench);
    for (let at = 0; at < 50; at += 1) {
      const body = { name: `item ${at}`, group: platter.gid, pool: 1, size: 512 };
      await ask(platter.url, 'POST', '/v1/media', platter.basic, body);
    }
    const command = await platterCommand(bench, platter);
    return {
      subject: {
        name: 'platter ls',
        async measure() {
          const begun = performance.now();
          await run([...command, 'ls'], '');
          return { figure: (performance.now() - begun) / 1000 };
        },
      },
    };
  },
};
