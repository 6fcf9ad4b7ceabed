import { setImmediate } from 'node:timers/promises';
import { ChunkBudget } from '../../../src/adapters/shared/chunk-budget.ts';

/** Resolves when this iteration of the event loop has ended. */
async function rest(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(() => queueMicrotask(resolve));
  });
}

describe('ChunkBudget', () => {
  it('admits the budget of chunks per iteration, first come, first served', async () => {
    const budget = new ChunkBudget(2);
    const passed: number[] = [];
    const asked = [1, 2, 3, 4, 5].map(async (body) => {
      await budget.acquire();
      passed.push(body);
    });
    await rest();
    expect(passed).toEqual([1, 2]);
    await setImmediate();
    expect(passed).toEqual([1, 2, 3, 4]);
    await Promise.all(asked);
    expect(passed).toEqual([1, 2, 3, 4, 5]);
  });

  it('queues a repeated caller behind waiting ones', async () => {
    const budget = new ChunkBudget(1);
    const passed: string[] = [];
    async function body(name: string): Promise<void> {
      for (let chunk = 0; chunk < 3; chunk += 1) {
        await budget.acquire();
        passed.push(name);
      }
    }
    await Promise.all([body('a'), body('b'), body('c')]);
    expect(passed).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('is full again after an iteration without waiting callers', async () => {
    const budget = new ChunkBudget(1);
    await budget.acquire();
    await setImmediate();
    await setImmediate();
    let passed = false;
    const asked = budget.acquire().then(() => (passed = true));
    await rest();
    expect(passed).toBe(true);
    await asked;
  });
});
