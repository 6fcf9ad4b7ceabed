import { transfersOf } from '../client/transfers.ts';
import type { Row } from '../frame/row.ts';
import { startNginx } from '../peers/nginx.ts';
import { startPlatter } from '../peers/platter.ts';
import { uploading } from '../peers/server.ts';

export const uploadOne: Row = {
  name: 'upload-1',
  title: 'upload, 1 client / nginx PUT',
  unit: 'MiB/s',
  counts: 'ratio',
  better: 'more',
  atLeast: 0.5,
  dream: 0.7,
  async stage(bench) {
    const { size } = bench.extent;
    const nginx = await startNginx(bench);
    const platter = await startPlatter(bench);
    const transfers = await transfersOf(bench);
    return {
      subject: uploading(platter, transfers, 1, size, 'MiB/s'),
      rival: uploading(nginx, transfers, 1, size, 'MiB/s'),
      remarks: [`client: ${transfers.how}`],
    };
  },
};
