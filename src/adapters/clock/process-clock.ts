import type { MonotonicClock } from '../../application/ports/clock.ts';

/** The time of the kernel's monotonic clock, which no change of the host's date moves. */
export class ProcessClock implements MonotonicClock {
  now(): number {
    return Number(process.hrtime.bigint() / 1_000_000n);
  }
}
