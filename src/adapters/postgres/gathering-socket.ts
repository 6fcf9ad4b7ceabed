import { Socket } from 'node:net';

/**
 * Sends statements that are written in the same turn of the event loop in one system call and
 * packet. pg corks the stream for one statement; this socket stays corked until the current code
 * has run.
 */
export class GatheringSocket extends Socket {
  override uncork(): void {
    process.nextTick(() => super.uncork());
  }
}
