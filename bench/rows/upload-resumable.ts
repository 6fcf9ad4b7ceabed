import { transfersOf } from '../client/transfers.ts';
import type { Row } from '../frame/row.ts';
import { startPlatter } from '../peers/platter.ts';
import { resumable } from '../peers/platter-tus.ts';
import { uploading } from '../peers/server.ts';

/** One PATCH of a resumable upload against Platter's own upload in one request. */
export const uploadResumableOwn: Row = {
  name: 'upload-resumable-own',
  title: 'resumable upload / upload in one request',
  unit: 'MiB/s',
  counts: 'ratio',
  better: 'more',
  atLeast: 0.95,
  dream: 1,
  async stage(bench) {
    const { size } = bench.extent;
    const platter = await startPlatter(bench);
    const transfers = await transfersOf(bench);
    return {
      subject: uploading(resumable(platter), transfers, 1, size, 'MiB/s'),
      rival: uploading(platter, transfers, 1, size, 'MiB/s'),
      remarks: [`client: ${transfers.how}`],
    };
  },
};
