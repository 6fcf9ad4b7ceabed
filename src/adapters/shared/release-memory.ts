import { MessageChannel, type MessagePort } from 'node:worker_threads';

/** The garbage collector can have the memory of smaller chunks. */
const MIN_BYTES = 16 * 1024;

/** A port whose other end is closed: what is transferred to it is freed. */
const NOWHERE = closedPort();

/**
 * Frees the memory of a chunk that is used no more; its length is 0 afterwards. Leaves chunks alone
 * that are small or share their memory with others.
 *
 * The garbage collector would free it as well. But it sees the memory of all chunks since its last
 * run as growth of the heap, and marks the whole heap every 30 MiB of an upload.
 */
export function releaseMemory({ buffer, byteLength }: Uint8Array): void {
  if (byteLength < MIN_BYTES || byteLength !== buffer.byteLength || !(buffer instanceof ArrayBuffer)) return;
  NOWHERE.postMessage(null, [buffer]);
}

function closedPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}
