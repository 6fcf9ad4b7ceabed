import { closeSync, openSync } from 'node:fs';
import { readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LeaseEnd } from '../../../../src/application/ports/lease-end.ts';
import { ProcessClock } from '../../../../src/adapters/clock/process-clock.ts';
import { LocalDiskStore } from '../../../../src/adapters/blobs/local-disk/local-disk-store.ts';
import { bytes } from '../../../../src/domain/shared/bytes.ts';
import type { PoolId } from '../../../../src/domain/shared/ids.ts';
import { openBelow } from '../../../contracts/blob-store-local-disk.ts';
import { NEVER, newBlob, patterned, sha256, sourceOf } from '../../../support/files/byte-sources.ts';
import { onSmallFilesystem, titleWithMount } from '../../../support/files/small-filesystem.ts';
import { temporaryFolder } from '../../../support/files/temporary-folder.ts';
import { hashingThreads } from '../../../support/fixtures/hashing-threads.ts';

const MIB = 1024 * 1024;
const CONTENT = patterned(3 * MIB);
const SIZE = bytes(CONTENT.length);

async function openStore(folder: string): Promise<LocalDiskStore> {
  const store = new LocalDiskStore(folder, hashingThreads);
  await store.claim({ installation: 'here', pool: 1 as PoolId, location: 0, holdsMedia: false });
  return store;
}

/** The end of a lease in an hour. */
function leaseEnd(): LeaseEnd {
  const end = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
  end[0] = BigInt(new ProcessClock().now() + 3_600_000);
  return end;
}

/** The descriptor of the only file below a folder that this process has open. */
async function handleBelow(folder: string): Promise<number> {
  const handles = '/proc/self/fd';
  for (const name of await readdir(handles)) {
    const target = await readlink(join(handles, name)).catch(() => '');
    if (target.startsWith(`${folder}/`)) return Number(name);
  }
  throw new Error(`no file below ${folder} is open`);
}

describe('LocalDiskAppender', () => {
  it(
    titleWithMount('continues at the flushed offset after the disk was full in the middle of a write'),
    onSmallFilesystem(4, async ({ folder }) => {
      const appender = (await openStore(folder)).resumable.appender(newBlob(), SIZE);
      await appender.open(bytes(0), NEVER);
      await appender.append(sourceOf(CONTENT.subarray(0, MIB)), NEVER, null);
      expect(await appender.flush()).toBe(MIB);
      const filler = join(folder, 'filler');
      await writeFile(filler, Buffer.alloc(1.7 * MIB, 1));
      const refused = appender.append(sourceOf(CONTENT.subarray(MIB)), NEVER, null);
      await expect(refused).rejects.toMatchObject({ code: 'no-space' });
      await expect(appender.flush()).rejects.toMatchObject({ code: 'no-space' });
      await rm(filler);
      await appender.open(bytes(MIB), NEVER);
      await appender.append(sourceOf(CONTENT.subarray(MIB)), NEVER, null);
      expect(await appender.flush()).toBe(SIZE);
      expect(await appender.sha256(NEVER)).toBe(sha256(CONTENT));
      await appender.commit(false);
      await appender.discard();
      expect(await openBelow(folder)).toEqual([]);
    }),
  );

  it('trusts no sync after one that failed, until it is opened again', async () => {
    const folder = await temporaryFolder();
    const appender = (await openStore(folder)).resumable.appender(newBlob(), SIZE);
    await appender.open(bytes(0), NEVER);
    await appender.append(sourceOf(CONTENT), NEVER, null);
    const handle = await handleBelow(folder);
    closeSync(handle);
    await expect(appender.flush()).rejects.toMatchObject({ code: 'unavailable', cause: { syscall: 'fdatasync' } });
    // A sync of the same handle succeeds from here on.
    expect(openSync(join(folder, 'other'), 'w')).toBe(handle);
    await expect(appender.flush()).rejects.toMatchObject({ code: 'unavailable' });
    await appender.open(bytes(0), NEVER);
    await appender.append(sourceOf(CONTENT), NEVER, null);
    expect(await appender.flush()).toBe(SIZE);
    await appender.discard();
  });

  it('changes nothing after the end of its lease', async () => {
    const folder = await temporaryFolder();
    const store = await openStore(folder);
    const blob = newBlob();
    const [holder, late] = [store.resumable.appender(blob, SIZE), store.resumable.appender(blob, SIZE)];
    const until = leaseEnd();
    await late.open(bytes(0), NEVER, until);
    await holder.open(bytes(0), NEVER);
    await holder.append(sourceOf(CONTENT.subarray(0, MIB)), NEVER, null);
    await holder.flush();
    Atomics.store(until, 0, 0n);
    const refused = { code: 'unavailable', cause: { message: 'the lease ended before the write' } };
    await expect(late.append(sourceOf(patterned(MIB)), NEVER, null)).rejects.toMatchObject(refused);
    await expect(late.open(bytes(0), NEVER, until)).rejects.toMatchObject(refused);
    await late.discard();
    await holder.append(sourceOf(CONTENT.subarray(MIB)), NEVER, null);
    expect(await store.resumable.partialBytes(blob)).toBe(SIZE);
    expect(await holder.sha256(NEVER)).toBe(sha256(CONTENT));
    await holder.discard();
  });

  it('leaves no file open when it cannot be opened, and when it is discarded', async () => {
    const folder = await temporaryFolder();
    const store = await openStore(folder);
    const [id, stop] = [newBlob(), new AbortController()];
    const appender = store.resumable.appender(id, SIZE);
    const opening = appender.open(bytes(0), stop.signal);
    stop.abort(new Error('the lease ended'));
    await expect(opening).rejects.toThrow('the lease ended');
    expect(await openBelow(folder)).toEqual([]);
    await appender.open(bytes(0), NEVER);
    await expect(appender.open(bytes(1), NEVER)).rejects.toMatchObject({ code: 'bytes-missing' });
    expect(await openBelow(folder)).toEqual([]);
    await appender.open(bytes(0), NEVER);
    await appender.append(sourceOf(CONTENT), NEVER, null);
    await appender.discard();
    expect(await openBelow(folder)).toEqual([]);
  });
});
