import { transfersOf } from '../client/transfers.ts';
import { forgetPeak, memoryOf } from '../frame/processes.ts';
import type { Bench } from '../frame/bench.ts';
import type { Row } from '../frame/row.ts';
import { resumable } from '../peers/platter-tus.ts';
import { startPlatter, type Platter } from '../peers/platter.ts';
import type { FileServer } from '../peers/server.ts';

interface Uploads {
  /** Uploads `count` files of `bytes` bytes at once. Resolves with Platter's peak memory in MiB. */
  readonly peak: (count: number, bytes: number) => Promise<number>;
  /** Returns its current memory in MiB. */
  readonly now: () => number;
}

/** How Platter receives uploads: in one request, or as resumable ones. */
type Protocol = (platter: Platter) => FileServer;

const inOneRequest: Protocol = (platter) => platter;

async function uploads(bench: Bench, protocol: Protocol): Promise<Uploads> {
  const platter = protocol(await startPlatter(bench));
  const transfers = await transfersOf(bench);
  return {
    async peak(count, bytes) {
      const heads = await Promise.all(Array.from({ length: count }, async () => platter.upload(bytes)));
      forgetPeak(platter.pid);
      await transfers.go(platter.port, heads, bytes);
      const { peak } = memoryOf(platter.pid);
      await platter.empty();
      return peak;
    },
    now: () => memoryOf(platter.pid).now,
  };
}

/** Compared with the memory before the first of these, after warm-up uploads one by one. */
function each(name: string, count: number, kind: string, protocol: Protocol): Row {
  return {
    name,
    title: `memory: growth for each ${kind} under way, ${count} at once`,
    unit: 'MiB',
    counts: 'figure',
    better: 'less',
    atLeast: 6,
    dream: 3,
    async stage(bench) {
      const { size } = bench.extent;
      const { peak, now } = await uploads(bench, protocol);
      for (let warming = 0; warming < 4; warming += 1) await peak(1, Math.ceil(size / 4));
      const before = now();
      return {
        subject: {
          name: 'Platter',
          async measure() {
            return { figure: ((await peak(count, Math.ceil((size * 2) / count))) - before) / count };
          },
        },
        remarks: [`the process of Platter without PostgreSQL; ${Math.round(before)} MiB before`],
      };
    },
  };
}

export const memoryOfEight = each('memory-8', 8, 'upload', inOneRequest);
export const memoryOfMany = each('memory-64', 64, 'upload', inOneRequest);
export const memoryOfResumable = each('memory-resumable', 64, 'resumable upload', resumable);

export const memoryOfSize: Row = {
  name: 'memory-size',
  title: 'memory: growth from an upload to one of eight times its size',
  unit: 'MiB',
  counts: 'figure',
  better: 'less',
  atLeast: 8,
  dream: 0,
  async stage(bench) {
    const small = Math.ceil(bench.extent.size / 2);
    const { peak } = await uploads(bench, inOneRequest);
    return {
      subject: {
        name: 'Platter',
        async measure() {
          const before = await peak(1, small);
          return { figure: (await peak(1, 8 * small)) - before };
        },
      },
      remarks: [`from ${small / 2 ** 20} MiB`],
    };
  },
};
