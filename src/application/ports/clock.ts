/** A clock that only moves forward, for judging the own leases. */
export interface MonotonicClock {
  /**
   * Returns milliseconds since a fixed moment, the same in all threads of the process. The time
   * while the process is stopped counts.
   */
  now(): number;
}

/** The date and time of the host, for texts that people read. */
export interface WallClock {
  date(): Date;
}
