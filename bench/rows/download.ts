import { transfersOf } from '../client/transfers.ts';
import type { Row } from '../frame/row.ts';
import { startNginx } from '../peers/nginx.ts';
import { startPlatter } from '../peers/platter.ts';
import { downloading, stock } from '../peers/server.ts';

/** All clients get the same file. */
function download(clients: number, title: string): Row {
  return {
    name: `download-${clients}`,
    title,
    unit: 'MiB/s',
    counts: 'ratio',
    better: 'more',
    atLeast: 1.1,
    dream: 1.7,
    async stage(bench) {
      const size = Math.ceil(bench.extent.size / clients);
      const nginx = await startNginx(bench);
      const platter = await startPlatter(bench);
      const transfers = await transfersOf(bench);
      await stock(nginx, transfers, size);
      await stock(platter, transfers, size);
      return {
        subject: downloading(platter, transfers, clients, size),
        rival: downloading(nginx, transfers, clients, size),
      };
    },
  };
}

export const downloadOne = download(1, 'download, 1 client / nginx GET');
export const downloadEight = download(8, 'download, 8 clients / nginx GET');
