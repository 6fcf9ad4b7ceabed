import { ask } from '../client/ask.ts';
import { transfersOf } from '../client/transfers.ts';
import { cpuSeconds } from '../frame/processes.ts';
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
    const { url, basic, port, pid } = platter;
    return {
      subject: {
        name: 'chunks',
        async measure() {
          const drive = { name: 'chunks', media: 'disk', size };
          const { objects } = await ask<Drives>(url, 'POST', '/api/2.0/initupload/', basic, { objects: [drive] });
          const uuid = objects[0]?.uuid ?? '';
          const before = cpuSeconds(pid);
          const order = { uuid, headers: basic, bytes: size, chunkBytes: CHUNK_BYTES, connections: CONNECTIONS };
          const { seconds, cpu: client } = await transfers.sendChunks(port, order);
          const cpu = { server: cpuSeconds(pid) - before, client };
          const { status } = await ask<{ status: string }>(url, 'GET', `/api/2.0/drives/${uuid}/`, basic);
          if (status !== 'unmounted') throw new Error(`the drive is ${status}`);
          await ask(url, 'DELETE', `/api/2.0/drives/${uuid}/`, basic);
          return { figure: size / MIB / seconds, cpu };
        },
      },
      rival: uploading(platter, transfers, 1, size, 'MiB/s'),
      remarks: [`client: ${transfers.how}`],
    };
  },
};

interface Drives {
  readonly objects: readonly { readonly uuid: string }[];
}
