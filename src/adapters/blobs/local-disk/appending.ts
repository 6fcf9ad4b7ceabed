import type { FileHandle } from 'node:fs/promises';
import type { Checkpoint } from '../../../application/ports/blob-appender.ts';
import type { ByteSource } from '../../../application/ports/blob-store.ts';
import type { Bytes } from '../../../domain/shared/bytes.ts';
import { DomainError } from '../../../domain/shared/domain-error.ts';
import { abortable } from '../shared/abortable.ts';
import type { FileTrack } from '../shared/hashing-threads.ts';
import { Batches } from './batches.ts';
import { Checkpoints, type SyncQueue } from './checkpoints.ts';
import { translate } from './failures.ts';

/** A file that bytes are appended to. */
interface Target {
  readonly file: FileHandle;
  /** Writes to `file`. */
  readonly track: FileTrack;
  /** The size of the complete file. */
  readonly size: Bytes;
  /** The syncs of its location. */
  readonly syncs: SyncQueue;
}

/** Appends one source to a file, which is hashed and synced while it grows. */
export class Appending {
  readonly #track: FileTrack;
  readonly #size: Bytes;
  readonly #batches: Batches;
  readonly #checkpoints: Checkpoints;
  readonly #failed = new AbortController();

  /** Without `record` nothing waits for the syncs. */
  constructor({ file, track, size, syncs }: Target, record: Checkpoint | null) {
    this.#track = track;
    this.#size = size;
    const fail = (error: unknown): void => this.fail(error);
    this.#batches = new Batches(track, fail);
    const [start, batches] = [track.position, this.#batches];
    this.#checkpoints = new Checkpoints(file, syncs, start, () => start + batches.written, record, fail);
  }

  /** Aborts with the error that its file failed with. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /**
   * Writes all bytes. When it resolves or rejects, no write and no sync is under way: the file may
   * be closed.
   *
   * @throws body-too-long when the source has more bytes than the file lacks
   * @throws the error that the file failed with, what the source threw, or the reason of the signal
   */
  async run(source: ByteSource, signal: AbortSignal): Promise<void> {
    let received = this.#track.position;
    try {
      for await (const chunk of abortable(source, AbortSignal.any([signal, this.failed]))) {
        received += chunk.length;
        if (received > this.#size) throw new DomainError('body-too-long', { promised: this.#size });
        await this.#batches.add(chunk);
        await this.#checkpoints.keepUp(received);
      }
    } finally {
      await this.#batches.drain();
      await this.#checkpoints.end();
    }
    this.failed.throwIfAborted();
  }

  /** Makes a checkpoint now. */
  async checkpoint(): Promise<void> {
    await this.#checkpoints.now();
  }

  /** Ends it with an error of its file. */
  fail(error: unknown): void {
    this.#failed.abort(translate(error, this.#size));
  }
}
