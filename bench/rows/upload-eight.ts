import { transfersOf } from '../client/transfers.ts';
import type { Row } from '../frame/row.ts';
import { startNginx } from '../peers/nginx.ts';
import { startPlatter } from '../peers/platter.ts';
import { uploading } from '../peers/server.ts';

const CLIENTS = 8;

export const uploadEight: Row = {
  name: 'upload-8',
  title: 'upload, 8 clients / nginx PUT',
  unit: 'MiB/s',
  counts: 'ratio',
  better: 'more',
  atLeast: 0.45,
  dream: 0.7,
  async stage(bench) {
    const each = Math.ceil(bench.extent.size / CLIENTS);
    const nginx = await startNginx(bench);
    const platter = await startPlatter(bench);
    const transfers = await transfersOf(bench);
    return {
      subject: uploading(platter, transfers, CLIENTS, each, 'MiB/s'),
      rival: uploading(nginx, transfers, CLIENTS, each, 'MiB/s'),
      remarks: [`client: ${transfers.how}`],
    };
  },
};
