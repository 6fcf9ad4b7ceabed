import { Socket } from 'node:net';

/**
 * Sends statements that are handed over one right after the other together, where each of them
 * would be a system call and a packet of its own: pg corks the stream while it writes one, and here
 * it stays corked until whatever runs now has come to an end.
 */
export class GatheringSocket extends Socket {
  override uncork(): void {
    process.nextTick(() => super.uncork());
  }
}
