import { transfersOf } from '../client/transfers.ts';
import type { Bench } from '../frame/bench.ts';
import type { Row } from '../frame/row.ts';
import { startPlatter } from '../peers/platter.ts';
import { resumable } from '../peers/platter-tus.ts';
import { openSmallBucket, settingsFor } from '../peers/s3.ts';
import { uploading } from '../peers/server.ts';

const MIB = 2 ** 20;

/** Where the bytes go, and how many there are. */
interface Extent {
  readonly size: number;
  readonly env: Readonly<Record<string, string>>;
}

function resumableTo(terms: Pick<Row, 'name' | 'title' | 'atLeast'>, extentOf: (bench: Bench) => Promise<Extent>): Row {
  return {
    ...terms,
    unit: 'MiB/s',
    counts: 'ratio',
    better: 'more',
    dream: 1,
    async stage(bench) {
      const { size, env } = await extentOf(bench);
      const platter = await startPlatter(bench, { env });
      const transfers = await transfersOf(bench);
      return {
        subject: uploading(resumable(platter), transfers, 1, size, 'MiB/s'),
        rival: uploading(platter, transfers, 1, size, 'MiB/s'),
        remarks: [`client: ${transfers.how}`, `files of ${size / MIB} MiB`],
      };
    },
  };
}

/** One PATCH of a resumable upload against Platter's own upload in one request. */
export const uploadResumableOwn = resumableTo(
  { name: 'upload-resumable-own', title: 'resumable upload / upload in one request', atLeast: 0.95 },
  async ({ extent: { size } }) => Promise.resolve({ size, env: {} }),
);

/** Likewise, to a pool in S3. */
export const uploadResumableS3 = resumableTo(
  { name: 'upload-resumable-s3', title: 'resumable upload to an S3 pool / upload in one request', atLeast: 0.9 },
  async (bench) => {
    const bucket = await openSmallBucket(bench);
    return { size: Math.ceil(bench.extent.size / 8), env: settingsFor(bucket) };
  },
);
