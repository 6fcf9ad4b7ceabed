import { setImmediate } from 'node:timers/promises';
import { ChunkBudget } from '../../../../src/adapters/http/shared/chunk-budget.ts';

/** Resolves once everything that can go on in this turn of the event loop has. */
async function rest(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(() => queueMicrotask(resolve));
  });
}

describe('Turns', () => {
  it('let so many chunks pass in a turn, in the order of asking', async () => {
    const turns = new ChunkBudget(2);
    const passed: number[] = [];
    const asked = [1, 2, 3, 4, 5].map(async (body) => {
      await turns.acquire();
      passed.push(body);
    });
    await rest();
    expect(passed).toEqual([1, 2]);
    await setImmediate();
    expect(passed).toEqual([1, 2, 3, 4]);
    await Promise.all(asked);
    expect(passed).toEqual([1, 2, 3, 4, 5]);
  });

  it('let nobody pass who asks again before others who wait', async () => {
    const turns = new ChunkBudget(1);
    const passed: string[] = [];
    async function body(name: string): Promise<void> {
      for (let chunk = 0; chunk < 3; chunk += 1) {
        await turns.acquire();
        passed.push(name);
      }
    }
    await Promise.all([body('a'), body('b'), body('c')]);
    expect(passed).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('begin with all chunks again after a turn in which nobody waited', async () => {
    const turns = new ChunkBudget(1);
    await turns.acquire();
    await setImmediate();
    await setImmediate();
    let passed = false;
    const asked = turns.acquire().then(() => (passed = true));
    await rest();
    expect(passed).toBe(true);
    await asked;
  });
});
