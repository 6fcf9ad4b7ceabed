/** An import fails when so many tries in a row brought no byte. */
export const MAX_TRIES = 5;

const FIRST_PAUSE_SECONDS = 0.5;
const GROWTH = 4;
const MAX_PAUSE_SECONDS = 600;

/**
 * Returns how long an import waits after `tries` tries in a row without a byte (0 after one that
 * brought some), in seconds; null if it fails instead. A source that asks for a longer pause gets
 * it, up to ten minutes.
 */
export function pauseBeforeRetry(tries: number, retryAfterSeconds: number | null): number | null {
  if (tries >= MAX_TRIES) return null;
  const pause = FIRST_PAUSE_SECONDS * GROWTH ** Math.max(0, tries - 1);
  return Math.min(MAX_PAUSE_SECONDS, Math.max(pause, retryAfterSeconds ?? 0));
}
