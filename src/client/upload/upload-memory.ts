import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandFailure } from '../command-failure.ts';
import type { UploadMetadata } from './tus.ts';

/** A file that is uploaded, and where to. */
export interface FileUpload {
  readonly server: string;
  /** Absolute, without links. */
  readonly path: string;
  readonly size: number;
  /** Of the last change, in milliseconds. */
  readonly changedAt: number;
  readonly metadata: UploadMetadata;
}

interface Remembered extends FileUpload {
  readonly location: string;
}

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

/** The uploads that were begun from this machine: a file each, so that processes do not meet. */
export class UploadMemory {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Returns the path of the upload that was begun for this very file, or null. */
  async recall(upload: FileUpload): Promise<string | null> {
    const found = await this.#read(`${keyOf(upload)}.json`);
    return found?.location ?? null;
  }

  /** Remembers an upload; a power failure does not lose it. */
  async remember(upload: FileUpload, location: string): Promise<void> {
    const path = join(this.#folder, `${keyOf(upload)}.json`);
    const written = `${path}.${process.pid}`;
    const file = await open(written, 'w', PRIVATE_FILE);
    try {
      await file.writeFile(JSON.stringify({ ...upload, location } satisfies Remembered));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(written, path);
  }

  async forget(upload: FileUpload): Promise<void> {
    await rm(join(this.#folder, `${keyOf(upload)}.json`), { force: true });
  }

  /**
   * Forgets uploads of the same file to the same name from before it changed; returns their paths.
   */
  async forgetFormer(upload: FileUpload): Promise<readonly string[]> {
    const former: string[] = [];
    for (const entry of await readdir(this.#folder).catch(() => [])) {
      const found = entry.endsWith('.json') ? await this.#read(entry) : null;
      if (found === null || targetOf(found) !== targetOf(upload) || keyOf(found) === keyOf(upload)) continue;
      await this.forget(found);
      former.push(found.location);
    }
    return former;
  }

  /**
   * Runs work that no other process does for the same file and name at the same time.
   *
   * @throws failed when another one does
   */
  async alone<T>(upload: FileUpload, work: () => Promise<T>): Promise<T> {
    await mkdir(this.#folder, { recursive: true, mode: PRIVATE_FOLDER });
    const path = join(this.#folder, `${digestOf(targetOf(upload))}.lock`);
    await lock(path, upload.path);
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  }

  async #read(entry: string): Promise<Remembered | null> {
    try {
      return JSON.parse(await readFile(join(this.#folder, entry), 'utf8')) as Remembered;
    } catch {
      // It was forgotten meanwhile, or its write was cut off: the upload begins anew.
      return null;
    }
  }
}

async function lock(path: string, file: string): Promise<void> {
  for (;;) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx', mode: PRIVATE_FILE });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(path, 'utf8').catch(() => ''));
    if (owner > 0 && owner !== process.pid && isRunning(owner)) {
      throw new CommandFailure('failed', `process ${owner} uploads ${file} already`, 'Wait for it, or end it.');
    }
    await rm(path, { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function targetOf({ server, path, metadata }: FileUpload): string {
  return JSON.stringify([server, path, metadata.filename, metadata.group, metadata.pool ?? null]);
}

function keyOf(upload: FileUpload): string {
  const { size, changedAt, metadata } = upload;
  return digestOf(JSON.stringify([targetOf(upload), size, changedAt, Object.entries(metadata)]));
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
