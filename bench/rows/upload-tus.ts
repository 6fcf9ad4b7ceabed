import { transfersOf } from '../client/transfers.ts';
import type { Row } from '../frame/row.ts';
import { startPlatter } from '../peers/platter.ts';
import { uploading } from '../peers/server.ts';
import { startTus } from '../peers/tus.ts';

export const uploadTus: Row = {
  name: 'upload-tus',
  title: 'upload, 1 client / @tus/server',
  unit: 'MiB/s',
  counts: 'ratio',
  better: 'more',
  atLeast: 1,
  dream: 1.5,
  async stage(bench) {
    const { size } = bench.extent;
    const tus = await startTus(bench);
    const platter = await startPlatter(bench);
    const transfers = await transfersOf(bench);
    return {
      subject: uploading(platter, transfers, 1, size, 'MiB/s'),
      rival: uploading(tus, transfers, 1, size, 'MiB/s'),
      remarks: [`client: ${transfers.how}`],
    };
  },
};
