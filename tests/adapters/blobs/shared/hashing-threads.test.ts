import { open, readFile, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Batches } from '../../../../src/adapters/blobs/local-disk/batches.ts';
import { type FileTrack, HashingThreads } from '../../../../src/adapters/blobs/shared/hashing-threads.ts';
import { patterned, sha256 } from '../../../support/files/byte-sources.ts';
import { temporaryFolder } from '../../../support/files/temporary-folder.ts';
import { hashingThreads } from '../../../support/fixtures/hashing-threads.ts';
import { gate } from '../../../support/waiting/gate.ts';

const MIB = 1024 * 1024;

/** Opens a file while `use` runs. */
async function withFile<T>(path: string, flags: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

function bufferOf(content: Uint8Array): ArrayBuffer {
  return Uint8Array.from(content).buffer;
}

function sharedBufferOf(content: Uint8Array): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(content.length);
  new Uint8Array(buffer).set(content);
  return buffer;
}

function begin(fd: number, threads = hashingThreads): FileTrack {
  const track = threads.beginFile(0);
  track.continueIn(fd);
  return track;
}

describe('HashingThreads', () => {
  it('write to one file from several places in the order of the requests', async () => {
    const content = patterned(4_000_000);
    await withFile(join(await temporaryFolder(), 'file'), 'w+', async ({ fd }) => {
      const track = begin(fd);
      const other = track.beside(content.length);
      other.continueIn(fd);
      const ended: string[] = [];
      await Promise.all([
        track.write(sharedBufferOf(content), content.length).then(() => ended.push('all')),
        other.write(sharedBufferOf(content), 1).then(() => ended.push('one byte')),
      ]);
      expect(ended).toEqual(['all', 'one byte']);
      expect([track.hashed, other.hashed]).toEqual([content.length, 0]);
      track.release();
      other.release();
    });
  });

  it('write each of more files than there are threads', async () => {
    const folder = await temporaryFolder();
    const contents = Array.from({ length: 9 }, (_, at) => patterned(1000 + at).subarray(at));
    const digests = await Promise.all(
      contents.map(async (content, at) =>
        withFile(join(folder, String(at)), 'wx', async ({ fd }) => {
          const track = begin(fd);
          for (const byte of [content.subarray(0, 500), content.subarray(500)]) {
            await track.write(sharedBufferOf(byte), byte.length);
          }
          const digest = await track.sha256();
          track.release();
          return digest;
        }),
      ),
    );
    expect(digests).toEqual(contents.map(sha256));
    for (const [at, content] of contents.entries()) {
      expect(sha256(await readFile(join(folder, String(at))))).toBe(sha256(content));
    }
  });

  it('hash each part, and all of them together', async () => {
    const parts = [300_000, 200_001, 3].map((length, at) => patterned(length + at).subarray(at));
    const track = hashingThreads.beginParts();
    const hashed = await Promise.all(parts.map(async (part) => track.part(bufferOf(part), part.length)));
    expect(hashed.map((part) => part.sha256)).toEqual(parts.map(sha256));
    expect(hashed.map(({ buffer }) => sha256(new Uint8Array(buffer)))).toEqual(parts.map(sha256));
    expect(await track.sha256()).toBe(sha256(Buffer.concat(parts)));
    track.release();
  });

  it('hash parts whose first bytes are hashed already, and return to a mark', async () => {
    const content = patterned(300_000);
    const track = hashingThreads.beginParts();
    const tail = await track.part(bufferOf(content.subarray(0, 1000)), 1000, 0);
    expect(tail.sha256).toBe(sha256(content.subarray(0, 1000)));
    track.mark();
    await track.part(bufferOf(patterned(500)), 500, 100);
    track.rewind();
    const part = await track.part(bufferOf(content), content.length, 0, 1000);
    expect(part.sha256).toBe(sha256(content));
    const last = await track.part(bufferOf(content), 20, 10);
    expect(last.sha256).toBe(sha256(content.subarray(10, 20)));
    expect(await track.sha256()).toBe(sha256(Buffer.concat([content, content.subarray(10, 20)])));
    track.release();
  });

  it('reject with the error of the operating system', async () => {
    const path = join(await temporaryFolder(), 'file');
    await writeFile(path, '');
    await withFile(path, 'r', async ({ fd }) => {
      const track = begin(fd);
      await expect(track.write(new SharedArrayBuffer(1), 1)).rejects.toMatchObject({ code: 'EBADF', syscall: 'write' });
      track.release();
    });
  });

  it('are unavailable when a thread dies, and start another', async () => {
    const folder = await temporaryFolder();
    const program = join(folder, 'thread.mjs');
    await writeFile(program, 'throw new Error("no thread");');
    const threads = new HashingThreads(pathToFileURL(program));
    await withFile(join(folder, 'file'), 'wx', async ({ fd }) => {
      const track = begin(fd, threads);
      await expect(track.write(new SharedArrayBuffer(1), 1)).rejects.toMatchObject({ code: 'unavailable' });
      track.release();
      await writeFile(
        program,
        `import { parentPort } from 'node:worker_threads';
         parentPort.on('message', () => parentPort.postMessage({ sha256: 'another' }));`,
      );
      expect(await begin(fd, threads).sha256()).toBe('another');
    });
  });
});

describe('Batches', () => {
  it('make the writer wait while the disk is busy, and lose no bytes', async () => {
    const path = join(await temporaryFolder(), 'file');
    const content = patterned(8 * MIB);
    await withFile(path, 'w+', async ({ fd }) => {
      const track = begin(fd);
      let taken = 0;
      const [mayWrite, isHeld] = [gate(), gate()];
      const write = async (buffer: SharedArrayBuffer, length: number): Promise<void> => {
        await mayWrite.opened;
        await track.write(buffer, length);
      };
      const batches = new Batches({ write }, () => undefined);
      const adding = (async () => {
        for (let at = 0; at < content.length; at += MIB) {
          if (taken >= 2 * MIB) isHeld.open();
          await batches.add(content.subarray(at, at + MIB));
          taken += MIB;
        }
        await batches.drain();
      })();
      await isHeld.opened;
      await new Promise((resolve) => setImmediate(resolve));
      expect([taken, batches.written]).toEqual([2 * MIB, 0]);
      mayWrite.open();
      await adding;
      expect(batches.written).toBe(content.length);
      expect(await track.sha256()).toBe(sha256(content));
      expect(sha256(await readFile(path))).toBe(sha256(content));
      track.release();
    });
  });
});
