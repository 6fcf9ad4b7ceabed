import { createHash, type Hash } from 'node:crypto';
import { ftruncateSync, readSync, writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { Change, Reply, Task } from './hashing-threads.ts';

type PartTask = Extract<Task, { readonly kind: 'part' }>;
type WriteTask = Extract<Task, { readonly kind: 'write' }>;

if (parentPort === null) throw new Error('start this file as a worker thread');
const port = parentPort;

/**
 * Bytes that are hashed twice are hashed in pieces of this size, which stay in the CPU's caches.
 */
const PIECE_BYTES = 64 * 1024;

/** The running hash of each open track. */
const hashes = new Map<number, Hash>();
/** The hash of each track at its last mark. */
const marks = new Map<number, Hash>();
/** What one read of a file fills. Fresh memory for each would cost a quarter of the time. */
const readBuffer = new Uint8Array(1024 * 1024);

port.on('message', (task: Task) => {
  const reply = replyTo(task);
  port.postMessage(reply, 'buffer' in reply ? [reply.buffer] : []);
});

function replyTo(task: Task): Reply {
  const { track } = task;
  switch (task.kind) {
    case 'write':
      return write(task.hashed ? hashOf(track) : null, task);
    case 'truncate':
      return attempt(() => changeFile(task, () => ftruncateSync(task.fd, task.size)));
    case 'read-back':
      return readBack(hashOf(track), task.fd, task.from, task.to);
    case 'mark':
      marks.set(track, hashOf(track).copy());
      return {};
    case 'rewind': {
      const marked = marks.get(track);
      if (marked === undefined) hashes.delete(track);
      else hashes.set(track, marked.copy());
      return {};
    }
    case 'part':
      return part(track, task);
    case 'hash': {
      const sha256 = hashOf(track).digest('hex');
      hashes.delete(track);
      return { sha256 };
    }
    case 'release':
      hashes.delete(track);
      marks.delete(track);
      return {};
  }
}

function hashOf(track: number): Hash {
  const hash = hashes.get(track) ?? createHash('sha256');
  hashes.set(track, hash);
  return hash;
}

function write(hash: Hash | null, task: WriteTask): Reply {
  const { fd, buffer, length, at } = task;
  const bytes = new Uint8Array(buffer, 0, length);
  hash?.update(bytes);
  return attempt(() => {
    for (let done = 0; done < length;)
      done += changeFile(task, () => writeSync(fd, bytes, done, length - done, at + done));
  });
}

/**
 * Makes one system call that changes a file, unless the holder has to stop. `until` lies 1 s before
 * the lease ends. A process that is stopped between the check and the call, for longer than that,
 * still changes the file when it goes on: POSIX has no write with a deadline.
 */
function changeFile<T>({ until }: Change, call: () => T): T {
  if (until !== null && process.hrtime.bigint() / 1_000_000n >= Atomics.load(until, 0))
    throw Object.assign(new Error('the lease ended before the write'), { code: 'ETIMEDOUT', syscall: 'write' });
  return call();
}

function readBack(hash: Hash, fd: number, from: number, to: number): Reply {
  return attempt(() => {
    for (let at = from; at < to;) {
      const length = readSync(fd, readBuffer, 0, Math.min(readBuffer.length, to - at), at);
      if (length === 0)
        throw Object.assign(new Error('the file is shorter than its written bytes'), { code: 'EIO', syscall: 'read' });
      hash.update(readBuffer.subarray(0, length));
      at += length;
    }
  });
}

function attempt(work: () => void): Reply {
  try {
    work();
    return {};
  } catch (error) {
    return failed(error);
  }
}

/** Returns an error of the operating system as data, since it loses its code when posted. */
function failed(error: unknown): Reply {
  const { message, code, syscall } = error as NodeJS.ErrnoException;
  return { message, code, syscall };
}

/** The first part is also the start of the whole, so it is hashed once. */
function part(track: number, { buffer, from, to, newFrom }: PartTask): Reply {
  const isFirst = !hashes.has(track) && from === newFrom;
  const whole = hashOf(track);
  const old = new Uint8Array(buffer, from, newFrom - from);
  const bytes = new Uint8Array(buffer, newFrom, to - newFrom);
  if (isFirst) return { buffer, sha256: whole.update(bytes).copy().digest('hex') };
  const own = createHash('sha256').update(old);
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    const piece = bytes.subarray(at, at + PIECE_BYTES);
    whole.update(piece);
    own.update(piece);
  }
  return { buffer, sha256: own.digest('hex') };
}
