/**
 * Time that only moves forward, whatever happens to the host's clock: for judging one's own leases.
 */
export interface MonotonicClock {
  /** Milliseconds since some fixed moment; they go on while the process is stopped. */
  now(): number;
}
