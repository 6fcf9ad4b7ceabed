import type { Pace } from '../../src/application/ports/pace.ts';
import { gate, type Gate } from './gate.ts';

/**
 * A pace that lets nothing through before the gate is opened, and says when somebody waits at it.
 */
export function heldUp(): { readonly pace: Pace; readonly reached: Promise<void>; readonly through: Gate } {
  const [reached, through] = [gate(), gate()];
  const pace: Pace = {
    take: async (_moved, signal) => {
      reached.open();
      await Promise.race([through.opened, aborted(signal)]);
      signal.throwIfAborted();
    },
  };
  return { pace, reached: reached.opened, through };
}

async function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
