import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { LeaseEnd } from '../../../application/ports/lease-end.ts';
import type { DomainError } from '../../../domain/shared/domain-error.ts';
import { unavailable } from './unavailable.ts';

/** More threads would only wait for the disk. */
const MAX_THREADS = 4;

/**
 * A request to a thread. A track is one blob being written. A thread handles the requests of a
 * track in order and replies to each.
 */
export type Task = { readonly track: number } & (
  | (Write & { readonly kind: 'write'; readonly hashed: boolean })
  | (Change & { readonly kind: 'truncate'; readonly size: number })
  | { readonly kind: 'read-back'; readonly fd: number; readonly from: number; readonly to: number }
  | (PartBytes & { readonly kind: 'part'; readonly buffer: ArrayBuffer })
  | { readonly kind: 'hash' | 'release' | 'mark' | 'rewind' }
);

/** Fails at and after `until`. */
export interface Change {
  readonly fd: number;
  readonly until: LeaseEnd | null;
}

interface Write extends Change {
  readonly buffer: SharedArrayBuffer;
  readonly length: number;
  readonly at: number;
}

/** Which bytes of a buffer a part has: from `from` up to, but not including, `to`. */
interface PartBytes {
  readonly from: number;
  readonly to: number;
  /** From here on they continue the bytes that are hashed as a whole. */
  readonly newFrom: number;
}

/** The reply to a part or to a hash, an error of the operating system, or an empty reply. */
export type Reply =
  | HashedPart
  | { readonly sha256: string }
  | Pick<NodeJS.ErrnoException, 'message' | 'code' | 'syscall'>
  | Readonly<Record<string, never>>;

/** A hashed part, and its buffer, which the caller owns again. */
export interface HashedPart {
  readonly buffer: ArrayBuffer;
  /** Of the part alone, in lower-case hex. */
  readonly sha256: string;
}

/** One blob that a thread hashes as its bytes arrive. Always release it. */
interface Track {
  /**
   * Resolves to the SHA-256 of all bytes, in lower-case hex. Call it once, after the last bytes.
   */
  sha256(): Promise<string>;
  /** Frees the hash in the thread. Use the track for nothing after that. */
  release(): void;
}

/**
 * One file that a thread appends to, in several requests, and that another process may have
 * started. Bytes are hashed when they are written if all bytes before them are hashed. Do not
 * release it while a write is under way.
 */
export interface FileTrack extends Track {
  /** Where the next write goes. */
  readonly position: number;
  /** How many bytes from the start are hashed, or will be before any later request. */
  readonly hashed: number;
  /** Makes further requests use this handle of the file, and change nothing after `until`. */
  continueIn(fd: number, until?: LeaseEnd): void;
  /**
   * Cuts off all bytes of the file from `size` on, which the track has not written.
   *
   * @throws the error of the operating system, or unavailable
   */
  truncate(size: number): Promise<void>;
  /**
   * Hashes and writes the first `length` bytes of `buffer` at `position`. They must not change
   * until the promise resolves or rejects.
   *
   * @throws the error of the operating system, or unavailable
   */
  write(buffer: SharedArrayBuffer, length: number): Promise<void>;
  /** Moves `position` on to `end`: other tracks have written the bytes between. */
  skip(end: number): void;
  /** Reads and hashes at most `max` of the written, unhashed bytes; resolves to their number. */
  readBack(max: number): Promise<number>;
  /** Records the position and the digest. */
  mark(): void;
  /** Returns to the last mark. */
  rewind(): void;
  /**
   * Begins another track of the same file, from `position` on, in the same thread: two threads that
   * write to one file only wait for each other.
   */
  beside(position: number): FileTrack;
}

/** One blob whose parts are hashed one by one, too. */
export interface PartsTrack extends Track {
  /**
   * Hashes bytes of `buffer`, the next part, which is transferred until the promise resolves with
   * it. Without `newFrom` all of them are new.
   *
   * @throws unavailable
   */
  part(buffer: ArrayBuffer, to: number, from?: number, newFrom?: number): Promise<HashedPart>;
  /** Records the digest of all bytes. */
  mark(): void;
  /** Returns to the last mark. */
  rewind(): void;
}

/**
 * Hashes and writes off the event loop, on a few threads that all blobs share. They start with the
 * first blobs and do not keep the process alive.
 */
export class HashingThreads {
  readonly #program: URL;
  readonly #maxThreads = Math.min(availableParallelism(), MAX_THREADS);
  #threads: readonly Thread[] = [];
  #tracks = 0;

  /** `program` is the compiled `hashing-thread`. */
  constructor(program: URL) {
    this.#program = program;
  }

  /** The file has `position` bytes that another process wrote. */
  beginFile(position: number): FileTrack {
    return this.#beginFileIn(this.#leastBusyThread(), position);
  }

  #beginFileIn(thread: Thread, position: number): FileTrack {
    const [track, common] = this.#beginIn(thread);
    let fd = -1;
    let until: LeaseEnd | null = null;
    let [at, hashed] = [position, 0];
    let marked = { at, hashed };
    return {
      ...common,
      get position() {
        return at;
      },
      get hashed() {
        return hashed;
      },
      continueIn: (otherFd, otherUntil) => ([fd, until] = [otherFd, otherUntil ?? null]),
      truncate: async (size) => {
        await thread.request({ kind: 'truncate', track, fd, until, size });
      },
      write: async (buffer, length) => {
        const task = { kind: 'write', track, fd, until, buffer, length, at, hashed: hashed === at } as const;
        at += length;
        if (task.hashed) hashed = at;
        await thread.request(task);
      },
      skip: (end) => (at = Math.max(at, end)),
      readBack: async (max) => {
        const [from, to] = [hashed, Math.min(at, hashed + max)];
        hashed = to;
        if (from < to) await thread.request({ kind: 'read-back', track, fd, from, to });
        return to - from;
      },
      mark: () => {
        marked = { at, hashed };
        thread.request({ kind: 'mark', track }).catch(() => undefined);
      },
      rewind: () => {
        ({ at, hashed } = marked);
        thread.request({ kind: 'rewind', track }).catch(() => undefined);
      },
      beside: (other) => this.#beginFileIn(thread.hasEnded ? this.#leastBusyThread() : thread, other),
    };
  }

  beginParts(): PartsTrack {
    const thread = this.#leastBusyThread();
    const [track, common] = this.#beginIn(thread);
    return {
      ...common,
      part: async (buffer, to, from = 0, newFrom = from) =>
        (await thread.request({ kind: 'part', track, buffer, from, to, newFrom }, [buffer])) as HashedPart,
      mark: () => void thread.request({ kind: 'mark', track }).catch(() => undefined),
      rewind: () => void thread.request({ kind: 'rewind', track }).catch(() => undefined),
    };
  }

  #beginIn(thread: Thread): [track: number, common: Track] {
    const track = (this.#tracks += 1);
    thread.tracks.add(track);
    const common: Track = {
      sha256: async () => {
        const reply = await thread.request({ kind: 'hash', track });
        return (reply as { readonly sha256: string }).sha256;
      },
      release: () => {
        thread.tracks.delete(track);
        thread.request({ kind: 'release', track }).catch(() => undefined);
      },
    };
    return [track, common];
  }

  #leastBusyThread(): Thread {
    this.#threads = this.#threads.filter(({ hasEnded }) => !hasEnded);
    const [first, ...others] = this.#threads;
    const leastBusy = others.reduce((found, one) => (one.tracks.size < (found?.tracks.size ?? 0) ? one : found), first);
    if (leastBusy !== undefined && (leastBusy.tracks.size === 0 || this.#threads.length === this.#maxThreads))
      return leastBusy;
    const another = new Thread(this.#program);
    this.#threads = [...this.#threads, another];
    return another;
  }
}

interface PendingRequest {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** Replies arrive in the order of the requests. */
class Thread {
  readonly tracks = new Set<number>();
  readonly #worker: Worker;
  readonly #pending: PendingRequest[] = [];
  #ended: DomainError | null = null;

  constructor(program: URL) {
    this.#worker = new Worker(program);
    this.#worker.unref();
    this.#worker.on('message', (reply: Reply) => this.#receive(reply));
    this.#worker.on('error', (error: Error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(new Error('the hashing thread ended')));
  }

  get hasEnded(): boolean {
    return this.#ended !== null;
  }

  /** @throws the error of the operating system, or unavailable when the thread has ended */
  async request(task: Task, transferred: readonly ArrayBuffer[] = []): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) {
        reject(this.#ended);
        return;
      }
      this.#pending.push({ resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage(task, [...transferred]);
    });
  }

  #receive(reply: Reply): void {
    const pending = this.#pending.shift();
    if (this.#pending.length === 0) this.#worker.unref();
    if ('message' in reply) pending?.reject(Object.assign(new Error(reply.message), reply));
    else pending?.resolve(reply);
  }

  #end(reason: Error): void {
    this.#ended ??= unavailable(reason);
    for (const { reject } of this.#pending.splice(0)) reject(this.#ended);
  }
}
