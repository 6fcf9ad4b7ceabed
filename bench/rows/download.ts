import { transfersOf } from '../client/transfers.ts';
import type { Row } from '../frame/row.ts';
import { startNginx, type NginxOptions } from '../peers/nginx.ts';
import { startPlatter } from '../peers/platter.ts';
import { downloading, status } from '../peers/server.ts';

/** All clients download the same file. */
function download(clients: number, options: NginxOptions, row: Pick<Row, 'name' | 'title' | 'atLeast' | 'dream'>): Row {
  return {
    ...row,
    unit: 'MiB/s',
    counts: 'ratio',
    better: 'more',
    async stage(bench) {
      const size = Math.ceil(bench.extent.size / clients);
      const nginx = await startNginx(bench, options);
      const platter = await startPlatter(bench);
      const transfers = await transfersOf(bench);
      await status(nginx, transfers, size);
      await status(platter, transfers, size);
      return {
        subject: downloading(platter, transfers, clients, size),
        rival: downloading(nginx, transfers, clients, size),
      };
    },
  };
}

const TARGETS = { atLeast: 1.1, dream: 1.7 };
/** No target: with sendfile and a client that drops the bytes, the kernel copies none of them. */
const NO_TARGETS = { atLeast: null, dream: null };

export const downloadOne = download(
  1,
  { sendfile: false },
  { name: 'download-1', title: 'download, 1 client / nginx GET', ...TARGETS },
);
export const downloadEight = download(
  8,
  { sendfile: false },
  { name: 'download-8', title: 'download, 8 clients / nginx GET', ...TARGETS },
);
export const downloadOneSendfile = download(
  1,
  { sendfile: true },
  { name: 'download-1-sendfile', title: 'download, 1 client / nginx GET with sendfile', ...NO_TARGETS },
);
export const downloadEightSendfile = download(
  8,
  { sendfile: true },
  { name: 'download-8-sendfile', title: 'download, 8 clients / nginx GET with sendfile', ...NO_TARGETS },
);
