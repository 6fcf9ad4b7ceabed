import type { Readable } from 'node:stream';

/** The errors of a wait for bytes. */
export interface ArrivalErrors {
  /** Nothing arrived in time. */
  readonly late: () => Error;
  /** The stream was destroyed before its end. */
  readonly cutOff: (cause?: unknown) => Error;
}

/** Resolves when bytes or the end of a paused stream have arrived. */
export async function arrival(stream: Readable, patienceMs: number, { late, cutOff }: ArrivalErrors): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => conclude(late()), patienceMs);
    function conclude(failure?: Error): void {
      clearTimeout(timer);
      stream.off('readable', arrived).off('end', arrived).off('error', broken).off('close', closed);
      if (failure === undefined) resolve();
      else reject(failure);
    }
    function arrived(): void {
      conclude();
    }
    function broken(cause?: unknown): void {
      conclude(cutOff(cause));
    }
    function closed(): void {
      if (stream.readableEnded) conclude();
      else broken();
    }
    if (stream.destroyed) {
      closed();
      return;
    }
    stream.on('readable', arrived).on('end', arrived).on('error', broken).on('close', closed);
  });
}
