import { execFileSync } from 'node:child_process';
import { LocalDiskStore } from '../../../../src/adapters/blobs/local-disk/local-disk-store.ts';
import { bytes } from '../../../../src/domain/shared/bytes.ts';
import type { BlobId, PoolId } from '../../../../src/domain/shared/ids.ts';
import { hashingThreads } from '../../../support/fixtures/hashing-threads.ts';

const MIB = 1024 * 1024;

// Runs in its own process: the limit holds for all writes of a process, and exceeding it kills a
// process without this handler.
process.on('SIGXFSZ', () => undefined);
const [folder = '', written = '', allocated = ''] = process.argv.slice(2);

async function* twoMebibytes() {
  yield Buffer.alloc(MIB);
  yield Buffer.alloc(MIB);
}

async function failureOf(step: Promise<unknown>): Promise<unknown> {
  return step.then(
    () => null,
    (error: unknown) => error,
  );
}

const store = new LocalDiskStore(folder, hashingThreads);
await store.claim({ installation: 'here', pool: 1 as PoolId, location: 0, holdsMedia: false });
execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${MIB}:`]);
const writer = store.writer(written as BlobId, bytes(2 * MIB));
const failures = [
  await failureOf(writer.write(twoMebibytes(), new AbortController().signal)),
  await failureOf(store.allocate(allocated as BlobId, bytes(2 * MIB))),
];
await writer.cancel();
await store.remove(allocated as BlobId);
process.stdout.write(`${JSON.stringify(failures)}\n`);
