import { setTimeout as delay } from 'node:timers/promises';
import { STUCK_AFTER_MS } from './stuck-after.ts';

/**
 * Pauses between two checks grow: each check costs, and a condition that takes long is not noticed
 * late.
 */
const FIRST_PAUSE_MS = 10;
const MAX_PAUSE_MS = 60;

/**
 * Calls `ask` repeatedly until its result is neither false nor null nor undefined, and returns
 * that. Throws an error that names `awaited` after `STUCK_AFTER_MS`.
 */
export async function until<T>(
  awaited: string,
  ask: () => T | Promise<T>,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + STUCK_AFTER_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, MAX_PAUSE_MS)) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined) {
      return answer as Exclude<T, false | null | undefined>;
    }
    if (performance.now() > deadline) throw new Error(`Timed out waiting for: ${awaited}`);
    await delay(pause);
  }
}
