import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CommandFailure } from '../command-failure.ts';

const READ_BYTES = 2 ** 20;
const ID_DIGITS = 16;
/** A name of 255 bytes, the most that filesystems take, less what is put around it. */
const MAX_NAME_BYTES = 232;

/**
 * The bytes of a download that is not whole, in a hidden file beside its target. Its name contains
 * the version of the bytes, so that no other version goes on with it.
 */
export class PartialFile {
  readonly #path: string;
  readonly #target: string;
  readonly #file: FileHandle;
  #hash: Hash;
  #length: number;

  private constructor(path: string, target: string, file: FileHandle, hash: Hash, length: number) {
    this.#path = path;
    this.#target = target;
    this.#file = file;
    this.#hash = hash;
    this.#length = length;
  }

  /** Opens the partial file of a version, with what an earlier command left; removes others. */
  static async open(target: string, version: string | null): Promise<PartialFile> {
    const prefix = `.${shortened(basename(target))}.`;
    const id = digestOf(version ?? '').slice(0, ID_DIGITS);
    const name = `${prefix}${id}.part`;
    for (const entry of await readdir(dirname(target))) {
      const isFormer =
        entry !== name && entry.startsWith(prefix) && /^[\da-f]{16}\.part$/.test(entry.slice(prefix.length));
      if (isFormer) await rm(join(dirname(target), entry), { force: true });
    }
    const path = join(dirname(target), name);
    const file = await open(path, version === null ? 'w' : 'a');
    const hash = createHash('sha256');
    const { size } = await file.stat();
    if (size > 0) {
      for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) hash.update(chunk as Buffer);
    }
    return new PartialFile(path, target, file, hash, size);
  }

  /** How many bytes are there. */
  get length(): number {
    return this.#length;
  }

  async append(chunk: Buffer): Promise<void> {
    this.#hash.update(chunk);
    for (let written = 0; written < chunk.length;) {
      written += (await this.#file.write(chunk, written)).bytesWritten;
    }
    this.#length += chunk.length;
  }

  /** Begins again. */
  async clear(): Promise<void> {
    await this.#file.truncate(0);
    this.#hash = createHash('sha256');
    this.#length = 0;
  }

  /** Leaves the bytes for a later command. */
  async close(): Promise<void> {
    await this.#file.close();
  }

  /**
   * Makes the bytes durable and gives them their final name, if they have the digest.
   *
   * @throws failed when they do not; then nothing of them stays
   */
  async finish(sha256: string | null): Promise<void> {
    if (sha256 !== null && this.#hash.digest('hex') !== sha256) {
      await this.#file.close();
      await rm(this.#path, { force: true });
      throw new CommandFailure(
        'failed',
        'the bytes that arrived do not have the digest of the item',
        'Download it again.',
      );
    }
    await this.#file.sync();
    await this.#file.close();
    await rename(this.#path, this.#target);
    const folder = await open(dirname(this.#target), 'r');
    await folder.sync().finally(async () => folder.close());
  }
}

/** Returns whether a file of this name exists. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Returns a name with space for more, the same for the same name. */
function shortened(name: string): string {
  return Buffer.byteLength(name) <= MAX_NAME_BYTES ? name : digestOf(name);
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
