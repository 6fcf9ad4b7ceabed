import { FewAtOnce } from '../../../src/adapters/passwords/few-at-once.ts';
import { gate } from '../../support/gate.ts';

describe('FewAtOnce', () => {
  const terms = { atOnce: 2, waiting: 2, retryAfterSeconds: 3 };

  it('runs no more than that side by side, in the order in which they came, and turns away who would wait too long', async () => {
    const queue = new FewAtOnce(terms);
    const begun: number[] = [];
    const gates = Array.from({ length: 4 }, () => gate());
    const work = gates.map(async ({ opened }, at) =>
      queue.run(async () => {
        begun.push(at);
        await opened;
        return at;
      }),
    );
    await expect(queue.run(async () => begun.push(99))).rejects.toMatchObject({
      code: 'unavailable',
      detail: { retryAfterSeconds: 3 },
    });
    expect(begun).toEqual([0, 1]);
    gates[1]!.open();
    await work[1];
    expect(begun).toEqual([0, 1, 2]);
    for (const held of gates) held.open();
    expect(await Promise.all(work)).toEqual([0, 1, 2, 3]);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('goes on after work that failed', async () => {
    const queue = new FewAtOnce({ ...terms, atOnce: 1 });
    const failed = queue.run(async () => Promise.reject(new Error('of its own')));
    const next = queue.run(async () => 'next');
    await expect(failed).rejects.toThrow('of its own');
    expect(await next).toBe('next');
    expect(await queue.run(async () => 'last')).toBe('last');
  });
});
