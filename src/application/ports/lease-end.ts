/**
 * When a lease ends: milliseconds of the `MonotonicClock`, in memory that threads share. Each
 * renewal moves it on. A thread that changes bytes for the holder reads it right before: what waits
 * in a queue while the process is stopped must not touch the bytes of the next holder.
 */
export type LeaseEnd = BigInt64Array<SharedArrayBuffer>;
