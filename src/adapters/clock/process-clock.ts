import type { MonotonicClock, WallClock } from '../../application/ports/clock.ts';

/** `now` reads the kernel's monotonic clock, which changes of the host's date do not affect. */
export class ProcessClock implements MonotonicClock, WallClock {
  now(): number {
    return Number(process.hrtime.bigint() / 1_000_000n);
  }

  date(): Date {
    return new Date();
  }
}
