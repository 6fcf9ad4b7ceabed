import { transfersOf } from '../client/transfers.ts';
import type { Row } from '../frame/row.ts';
import { startNginx } from '../peers/nginx.ts';
import { startPlatter } from '../peers/platter.ts';
import { uploading } from '../peers/server.ts';

export const uploadCpu: Row = {
  name: 'upload-cpu',
  title: 'CPU seconds per GiB uploaded / nginx',
  unit: 'CPU s/GiB',
  counts: 'ratio',
  better: 'less',
  atLeast: 2.6,
  dream: 2,
  async stage(bench) {
    const { size } = bench.extent;
    const nginx = await startNginx(bench);
    const platter = await startPlatter(bench);
    const transfers = await transfersOf(bench);
    return {
      subject: uploading(platter, transfers, 1, size, 'CPU seconds per GiB'),
      rival: uploading(nginx, transfers, 1, size, 'CPU seconds per GiB'),
      remarks: ['the PostgreSQL of Platter is counted in', `client: ${transfers.how}`],
    };
  },
};
