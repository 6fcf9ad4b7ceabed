import { transfersOf } from '../client/transfers.ts';
import { cpuSeconds } from '../frame/processes.ts';
import { run, script } from '../frame/program.ts';
import type { Row } from '../frame/row.ts';
import { startPlatter } from '../peers/platter.ts';
import { uploading } from '../peers/server.ts';

const MIB = 2 ** 20;
const CONNECTIONS = 4;
const CHUNK_BYTES = 5 * MIB;

/** Chunks in random order, each by its link, against Platter's own upload in one request. */
export const uploadChunks: Row = {
  name: 'upload-chunks',
  title: 'upload in chunks of 5 MiB, 4 connections / upload in one request',
  unit: 'MiB/s',
  counts: 'ratio',
  better: 'more',
  atLeast: 0.8,
  dream: 1,
  async stage(bench) {
    const { size } = bench.extent;
    const platter = await startPlatter(bench);
    const transfers = await transfersOf(bench);
    const { url, basic: headers } = platter;
    const { file } = transfers;
    const order = { url, headers, file, bytes: size, chunkBytes: CHUNK_BYTES, connections: CONNECTIONS };
    return {
      subject: {
        name: 'chunks',
        async measure() {
          const before = cpuSeconds(platter.pid);
          const printed = await run(script('peers/chunk-client.ts'), JSON.stringify(order));
          const { seconds, cpu: client } = JSON.parse(printed) as { seconds: number; cpu: number };
          return { figure: size / MIB / seconds, cpu: { server: cpuSeconds(platter.pid) - before, client } };
        },
      },
      rival: uploading(platter, transfers, 1, size, 'MiB/s'),
      remarks: [`client: Node, beside ${transfers.how}`],
    };
  },
};
