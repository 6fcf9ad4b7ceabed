import { transfersOf } from '../client/transfers.ts';
import { cpuSeconds, forgetPeak, memoryOf } from '../frame/processes.ts';
import type { Row } from '../frame/row.ts';
import { curlWithDigest, importFile, importsFrom, serveFile } from '../peers/imports.ts';
import { startPlatter } from '../peers/platter.ts';

const MIB = 2 ** 20;
/** How many imports run at once in the row of the memory. */
const AT_ONCE = 4;

/** One import from nginx on this machine, from the request to the end of its job. */
export const importOne: Row = {
  name: 'import',
  title: 'import from a URL, with SHA-256 and sync / curl -o f URL && sha256sum f',
  unit: 'MiB/s',
  counts: 'ratio',
  better: 'more',
  atLeast: 1,
  dream: 1.5,
  async stage(bench) {
    const { size } = bench.extent;
    const file = await serveFile(bench, await transfersOf(bench), size);
    const platter = await startPlatter(bench, { env: importsFrom(file) });
    return {
      subject: {
        name: 'Platter',
        async measure() {
          const before = cpuSeconds(platter.pid);
          const begun = performance.now();
          await importFile(platter, file.url, 1);
          const seconds = (performance.now() - begun) / 1000;
          const cpu = { server: cpuSeconds(platter.pid) - before, client: 0 };
          await platter.empty();
          return { figure: size / MIB / seconds, cpu };
        },
      },
      rival: await curlWithDigest(bench, file.url, size),
      remarks: ['curl neither syncs the file nor examines the image'],
    };
  },
};

/** The growth of the peak over the memory after single imports. */
export const memoryOfImports: Row = {
  name: 'memory-import',
  title: `memory: growth for each import under way, ${AT_ONCE} at once`,
  unit: 'MiB',
  counts: 'figure',
  better: 'less',
  atLeast: 16,
  dream: 8,
  async stage(bench) {
    const bytes = Math.ceil(bench.extent.size / AT_ONCE);
    const file = await serveFile(bench, await transfersOf(bench), bytes);
    const env = { ...importsFrom(file), PLATTER_IMPORTS: String(2 * AT_ONCE) };
    const platter = await startPlatter(bench, { env });
    const peak = async (count: number): Promise<number> => {
      forgetPeak(platter.pid);
      await importFile(platter, file.url, count);
      const memory = memoryOf(platter.pid).peak;
      await platter.empty();
      return memory;
    };
    for (let warming = 0; warming < 4; warming += 1) await peak(1);
    const before = memoryOf(platter.pid).now;
    return {
      subject: {
        name: 'Platter',
        async measure() {
          return { figure: ((await peak(AT_ONCE)) - before) / AT_ONCE };
        },
      },
      remarks: [`the process of Platter without PostgreSQL; ${Math.round(before)} MiB before`],
    };
  },
};
