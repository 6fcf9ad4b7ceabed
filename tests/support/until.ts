import { setTimeout as delay } from 'node:timers/promises';

const LIMIT_MS = 90_000;

/**
 * Asks again and again until the answer is neither false nor nothing, and returns it. Fails, naming what was awaited,
 * after a minute and a half.
 */
export async function until<T>(
  awaited: string,
  ask: () => T | Promise<T>,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== null && answer !== undefined) {
      return answer as Exclude<T, false | null | undefined>;
    }
    if (performance.now() > deadline) throw new Error(`In vain: ${awaited}`);
    await delay(20);
  }
}
