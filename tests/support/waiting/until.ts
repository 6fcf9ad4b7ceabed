import { setTimeout as delay } from 'node:timers/promises';
import { STUCK_AFTER_MS } from './patience.ts';

/**
 * Between two questions. Each costs, and what takes long is not seen late for being asked less
 * often. Milliseconds.
 */
const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 60;

/**
 * Asks again and again until the answer is neither false nor nothing, and returns it. Fails, naming
 * what was awaited, when that is stuck.
 */
export async function until<T>(
  awaited: string,
  ask: () => T | Promise<T>,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + STUCK_AFTER_MS;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined) {
      return answer as Exclude<T, false | null | undefined>;
    }
    if (performance.now() > deadline) throw new Error(`In vain: ${awaited}`);
    await delay(pause);
  }
}
