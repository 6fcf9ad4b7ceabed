import { transfersOf } from '../client/transfers.ts';
import type { Row } from '../frame/row.ts';
import { startPlatter, type Platter } from '../peers/platter.ts';
import { resumable } from '../peers/platter-tus.ts';
import { uploading, type FileServer } from '../peers/server.ts';
import { startTus } from '../peers/tus.ts';

/** A row that compares an upload of Platter, as `protocol` sends it, with @tus/server. */
function againstTus(name: string, title: string, protocol: (platter: Platter) => FileServer): Row {
  return {
    name,
    title: `${title} / @tus/server`,
    unit: 'MiB/s',
    counts: 'ratio',
    better: 'more',
    atLeast: 1,
    dream: 1.5,
    async stage(bench) {
      const { size } = bench.extent;
      const tus = await startTus(bench);
      const platter = protocol(await startPlatter(bench));
      const transfers = await transfersOf(bench);
      return {
        subject: uploading(platter, transfers, 1, size, 'MiB/s'),
        rival: uploading(tus, transfers, 1, size, 'MiB/s'),
        remarks: [`client: ${transfers.how}`],
      };
    },
  };
}

export const uploadTus = againstTus('upload-tus', 'upload, 1 client', (platter) => platter);

/** One PATCH of a resumable upload, with SHA-256, sync and checkpoints. */
export const uploadResumable = againstTus('upload-resumable', 'resumable upload, 1 client', resumable);
