import type { FileHandle } from 'node:fs/promises';
import type { Checkpoint } from '../../../application/ports/blob-appender.ts';
import { bytes } from '../../../domain/shared/bytes.ts';

/** A crash costs at most this much of an upload. Bytes. */
const MAX_UNRECORDED_BYTES = 64 * 1024 * 1024;
/** A checkpoint begins when half of that is there, so that the writer need not wait for it. */
const EVERY_BYTES = MAX_UNRECORDED_BYTES / 2;

/**
 * Runs the syncs of one location one at a time, since the process has few threads for disks. Syncs
 * of a disk that hangs do not delay those of other locations.
 */
export class SyncQueue {
  #last: Promise<unknown> = Promise.resolve();
  #length = 0;

  /** Whether a sync is under way. */
  get isBusy(): boolean {
    return this.#length > 0;
  }

  async run(sync: () => Promise<void>): Promise<void> {
    this.#length += 1;
    const synced = this.#last.then(sync).finally(() => (this.#length -= 1));
    this.#last = synced.catch(() => undefined);
    return synced;
  }
}

/** Bytes that are durable, and how their record ends. */
interface Synced {
  readonly recorded: Promise<void>;
}

/**
 * Makes what was appended to a file durable now and then, and records how much. Without a record it
 * only leaves less to the last sync.
 */
export class Checkpoints {
  readonly #file: FileHandle;
  readonly #syncs: SyncQueue;
  readonly #written: () => number;
  readonly #record: Checkpoint | null;
  readonly #fail: (error: unknown) => void;
  /** How many bytes are durable, and how many of them are recorded. */
  #synced: number;
  #recorded: number;
  /** The sync under way; it has a record to follow. */
  #syncing: Promise<Synced> | null = null;
  /** The latest record under way. The next sync need not wait for it. */
  #recording: Promise<void> | null = null;
  #isEnded = false;

  /**
   * All bytes before `recorded` are durable; `written` returns how many the operating system has.
   * `fail` hears of a sync that failed: the disk tells that once, and the next sync may succeed.
   */
  constructor(
    file: FileHandle,
    syncs: SyncQueue,
    recorded: number,
    written: () => number,
    record: Checkpoint | null,
    fail: (error: unknown) => void,
  ) {
    this.#file = file;
    this.#syncs = syncs;
    [this.#synced, this.#recorded] = [recorded, recorded];
    this.#written = written;
    this.#record = record;
    this.#fail = fail;
  }

  /**
   * Waits until no more than 64 MiB of the `received` bytes are not recorded.
   *
   * @throws what the sync or the record failed with
   */
  async keepUp(received: number): Promise<void> {
    if (this.#written() - this.#synced >= EVERY_BYTES) this.#beginAhead();
    while (this.#record !== null && received - this.#recorded > MAX_UNRECORDED_BYTES)
      await (this.#recording ?? this.#make());
  }

  /** Makes one now, unless it has ended. */
  async now(): Promise<void> {
    await this.#drain();
    if (this.#isEnded || this.#written() <= this.#recorded) return;
    await this.#make();
  }

  /**
   * Makes no further ones. Resolves when none is under way, however it ended: the file may be
   * closed then.
   */
  async end(): Promise<void> {
    this.#isEnded = true;
    await this.#drain();
  }

  async #drain(): Promise<void> {
    for (let underway = this.#underway; underway !== null; underway = this.#underway)
      await underway.catch(() => undefined);
  }

  get #underway(): Promise<unknown> | null {
    return this.#syncing ?? this.#recording;
  }

  /** Nothing is recorded after a failure; the append meets it once it has to wait. */
  #beginAhead(): void {
    if (this.#record === null && this.#syncs.isBusy) return;
    this.#sync().catch(() => undefined);
  }

  async #make(): Promise<void> {
    const { recorded } = await this.#sync();
    await recorded;
  }

  /** Resolves when the bytes are durable, and their record has begun. */
  async #sync(): Promise<Synced> {
    this.#syncing ??= this.#syncAll(this.#written()).finally(() => (this.#syncing = null));
    return this.#syncing;
  }

  async #syncAll(offset: number): Promise<Synced> {
    try {
      await this.#syncs.run(async () => this.#file.datasync());
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    this.#synced = offset;
    const recording = this.#recordAfter(this.#recording, offset).finally(() => {
      if (this.#recording === recording) this.#recording = null;
    });
    recording.catch(() => undefined);
    this.#recording = recording;
    return { recorded: recording };
  }

  /** In the order of the offsets. A record makes up for earlier ones that failed. */
  async #recordAfter(earlier: Promise<void> | null, offset: number): Promise<void> {
    await earlier?.catch(() => undefined);
    await this.#record?.(bytes(offset));
    this.#recorded = offset;
  }
}
