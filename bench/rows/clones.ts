import { mountReflinks } from '../../tests/support/files/reflink-filesystem.ts';
import { transfersOf } from '../client/transfers.ts';
import type { Bench } from '../frame/bench.ts';
import { requireFreeBytes } from '../frame/free-bytes.ts';
import { CannotRun, type Match, type Row } from '../frame/row.ts';
import { cloning } from '../peers/clones.ts';
import { startPlatter, type Platter } from '../peers/platter.ts';
import { openSmallBucket, settingsFor } from '../peers/s3.ts';
import { onDatabase } from '../peers/seeds.ts';

/** The size of the larger source in sizes of the smaller one. */
const TIMES = 16;
/** The space that the filesystem itself needs. */
const SLACK = 1.2;
/** The bytes of the smaller source that exist in the bucket. */
const STORED = 2 ** 20;
const FEWEST_BYTES = 512 * 2 ** 20;

function clone(name: string, where: string, stage: (bench: Bench, small: number) => Promise<Match>): Row {
  return {
    name,
    title: `clone ${where}: from one size to ${TIMES} times that`,
    unit: 'ms',
    counts: 'ratio',
    better: 'less',
    atLeast: 1.3,
    dream: 1,
    stage: async (bench) => stage(bench, Math.ceil(bench.extent.size / 2)),
  };
}

export const cloneReflink = clone('clone-reflink', 'with reflinks on XFS', async (bench, small) => {
  const room = Math.ceil(small * (1 + TIMES) * SLACK) + FEWEST_BYTES;
  await requireFreeBytes(room);
  const { filesystem, why } = mountReflinks(room);
  if (filesystem === null) throw new CannotRun(why);
  bench.afterwards(async () => {
    filesystem.unmount();
    return Promise.resolve();
  });
  const platter = await startPlatter(bench, { pool: `${filesystem.folder}/pool` });
  await makeSources(bench, platter, small, { type: 'DISK', readOnly: false });
  return clonesOf(platter);
});

export const cloneReadOnly = clone('clone-read-only', 'from read-only to read-only', async (bench, small) => {
  await requireFreeBytes(Math.ceil(small * (1 + TIMES) * SLACK));
  const platter = await startPlatter(bench);
  await makeSources(bench, platter, small, { type: 'ISO', readOnly: true });
  return clonesOf(platter);
});

/** The recorded sizes exceed the bytes in the bucket: a clone reads none of them. */
export const cloneS3 = clone('clone-s3', 'on S3', async (bench, small) => {
  const platter = await startPlatter(bench, { env: settingsFor(await openSmallBucket(bench)) });
  await makeSources(bench, platter, STORED, { type: 'DISK', readOnly: false });
  const times = Math.max(1, Math.floor(small / STORED));
  await onDatabase(
    platter.databaseUrl,
    `update media set size = size * ${times}, virtual_size = virtual_size * ${times}`,
    `update blobs set stored_bytes = stored_bytes * ${times}`,
  );
  return { ...(await clonesOf(platter)), remarks: ['the sources have that size on record only'] };
});

async function makeSources(
  bench: Bench,
  platter: Platter,
  small: number,
  kind: { readonly type: 'ISO' | 'DISK'; readonly readOnly: boolean },
): Promise<void> {
  const transfers = await transfersOf(bench);
  for (const size of [small, TIMES * small]) {
    await transfers.go(platter.port, [await platter.upload(size, kind)], size);
  }
}

async function clonesOf(platter: Platter): Promise<Match> {
  const [smaller, larger] = await platter.media();
  if (smaller === undefined || larger === undefined) throw new Error('the sources are missing');
  return { subject: cloning(platter, larger), rival: cloning(platter, smaller) };
}
