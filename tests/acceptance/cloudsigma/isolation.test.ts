import { randomBytes } from 'node:crypto';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { sha256 } from '../../support/files/byte-sources.ts';
import { mountReflinks, titleWithReflinks } from '../../support/files/reflink-filesystem.ts';
import { temporaryFolder } from '../../support/files/temporary-folder.ts';
import { until } from '../../support/waiting/until.ts';
import { openCloud, createUser, type Cloud, type Listed } from './cloud.ts';
import { libraryFile, untilReady } from './library-files.ts';

const PUBLISHED = '9a1f0e44-0000-4000-8000-000000000021';
const CONTENT = randomBytes(3_000_000);
/** Offsets in the middle of a block, at the edge of one, and at the end. */
const OFFSETS = [0, 5000, 1024 * 1024 - 3, CONTENT.length - 6];

const reflinks = mountReflinks();
afterAll(() => reflinks.filesystem?.unmount());

/** Writes to a media item as a hypervisor does: opens the file. */
async function writeInPlace(path: string, text: string): Promise<Buffer> {
  const file = await open(path, 'r+');
  const expected = Buffer.from(CONTENT);
  for (const location of OFFSETS) {
    await file.write(text, location);
    expected.write(text, location);
  }
  await file.close();
  return expected;
}

/**
 * Publishes a disk in a pool in this folder, clones it, writes into every writable item, and checks
 * all others each time.
 */
async function expectIsolation(folder: string): Promise<void> {
  const pool = join(folder, 'pool');
  const image = join(await temporaryFolder(), 'disk.img');
  await writeFile(image, CONTENT);
  const entry = { name: 'published', uuid: PUBLISHED, media: 'disk', file: image, sha256: sha256(CONTENT) };
  const { platter, ...scene } = await openCloud({
    poolsFile: stringify({ pools: [{ mpid: 1, name: 'pool', path: pool, default: true }] }),
    env: { PLATTER_LIBRARY_FILE: await libraryFile([entry]) },
  });
  await untilReady(platter);
  const { cloud } = await createUser({ ...scene, platter });

  const [one, two] = [await cloneOf(cloud, PUBLISHED), await cloneOf(cloud, PUBLISHED)];
  const ofOne = await cloneOf(cloud, one);
  const expected = new Map<string, Buffer>([PUBLISHED, one, two, ofOne].map((uuid) => [uuid, CONTENT]));
  for (const [uuid, text] of [
    [one, 'first!'],
    [two, 'second'],
    [ofOne, 'third!'],
  ] as const) {
    expected.set(uuid, await writeInPlace(join(pool, uuid), text));
    await expectBytes(cloud, pool, expected);
  }
  // A written item is cloned as it is now, and is independent afterwards.
  const ofTwo = await cloneOf(cloud, two);
  expected.set(ofTwo, expected.get(two)!);
  expected.set(two, await writeInPlace(join(pool, two), 'fourth'));
  const last = await cloneOf(cloud, PUBLISHED);
  await expectBytes(cloud, pool, expected.set(last, CONTENT));
  await platter.stop();
}

async function cloneOf(cloud: Cloud, source: string): Promise<string> {
  const { objects } = await cloud.ask<Listed>(`POST /drives/${source}/action/?do=clone`);
  const { uuid } = objects[0]!;
  await until('the clone is ready', async () => (await cloud.get(uuid)).status === 'unmounted');
  return uuid;
}

/** The library drive cannot be downloaded: its bytes are those of its file. */
async function expectBytes(cloud: Cloud, pool: string, expected: ReadonlyMap<string, Buffer>): Promise<void> {
  for (const [uuid, bytes] of expected) {
    const found =
      uuid === PUBLISHED ? await readFile(join(pool, uuid)) : (await cloud.call(`GET /drives/${uuid}/download/`)).bytes;
    expect([uuid, found.equals(bytes)]).toEqual([uuid, true]);
  }
}

describe('Writes in place to a clone or its source never show in the other,', () => {
  it('when files are copied', async () => {
    await expectIsolation(await temporaryFolder());
  });

  it(titleWithReflinks('where files share their blocks', reflinks), async () => {
    if (reflinks.filesystem !== null) await expectIsolation(reflinks.filesystem.folder);
    else expect(reflinks.why).not.toBe('');
  });
});
