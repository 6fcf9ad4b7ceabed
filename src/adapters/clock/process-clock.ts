import type { MonotonicClock, WallClock } from '../../application/ports/clock.ts';

/** `now` reads the kernel's monotonic clock, which a change of the host's date does not move. */
export class ProcessClock implements MonotonicClock, WallClock {
  now(): number {
    return Number(process.hrtime.bigint() / 1_000_000n);
  }

  date(): Date {
    return new Date();
  }
}
