import { transfersOf } from '../client/transfers.ts';
import type { Bench } from '../frame/bench.ts';
import { run, script } from '../frame/program.ts';
import type { Row } from '../frame/row.ts';
import { startPlatter } from '../peers/platter.ts';
import { openCephBucket, openSmallBucket, settingsFor, type Bucket } from '../peers/s3.ts';
import { uploading } from '../peers/server.ts';

const MIB = 2 ** 20;

function uploadTo(name: string, where: string, open: (bench: Bench) => Promise<Bucket>): Row {
  return {
    name,
    title: `upload to an S3 pool (${where}) / lib-storage straight to the same server`,
    unit: 'MiB/s',
    counts: 'ratio',
    better: 'more',
    atLeast: 0.8,
    dream: 1,
    async stage(bench) {
      const size = Math.ceil(bench.extent.size / 8);
      const bucket = await open(bench);
      const platter = await startPlatter(bench, { env: settingsFor(bucket) });
      const transfers = await transfersOf(bench);
      const order = JSON.stringify({ bucket, file: transfers.file, bytes: size });
      return {
        subject: uploading(platter, transfers, 1, size, 'MiB/s'),
        rival: {
          name: 'lib-storage',
          async measure() {
            const { seconds } = JSON.parse(await run(script('peers/lib-storage.ts'), order)) as { seconds: number };
            return { figure: size / MIB / seconds };
          },
        },
        remarks: [`files of ${size / MIB} MiB`],
      };
    },
  };
}

export const uploadSmallS3 = uploadTo('upload-s3', 'the small server of the tests', openSmallBucket);
export const uploadCeph = uploadTo('upload-ceph', 'Ceph', openCephBucket);
