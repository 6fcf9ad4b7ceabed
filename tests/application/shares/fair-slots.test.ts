import { FairSlots, shareOf } from '../../../src/application/shares/fair-slots.ts';
import type { Shareholder, TenantId } from '../../../src/domain/access/tenant.ts';
import type { UserId } from '../../../src/domain/shared/ids.ts';

const NEVER = new AbortController().signal;

function holder(user: number, tenant: number): Shareholder {
  return { user: user as UserId, tenant: tenant as TenantId };
}

/** Acquires as many slots as the holder gets. */
function takeAll(slots: FairSlots, by: Shareholder): (() => void)[] {
  const taken: (() => void)[] = [];
  for (let next = slots.tryAcquire(by); next !== null; next = slots.tryAcquire(by)) taken.push(next);
  return taken;
}

describe('FairSlots', () => {
  it('gives each user and each tenant a quarter of the slots, and at least one', () => {
    expect([1, 3, 4, 11, 256].map(shareOf)).toEqual([1, 1, 1, 2, 64]);
    const slots = new FairSlots(16);
    expect(takeAll(slots, holder(1, 1))).toHaveLength(4);
    expect(takeAll(slots, holder(2, 1))).toHaveLength(0);
    expect(takeAll(slots, holder(3, 2))).toHaveLength(4);
    expect(slots.used).toBe(8);
  });

  it('counts a user who moves to another tenant as the same user', () => {
    const slots = new FairSlots(16);
    expect(takeAll(slots, holder(1, 1))).toHaveLength(4);
    expect(takeAll(slots, holder(1, 2))).toHaveLength(0);
  });

  it('keeps the last free slot for a tenant that holds none', () => {
    const slots = new FairSlots(8);
    for (const tenant of [1, 2, 3]) takeAll(slots, holder(tenant, tenant));
    expect(takeAll(slots, holder(4, 4))).toHaveLength(1);
    expect(slots.used).toBe(7);
    expect(takeAll(slots, holder(5, 5))).toHaveLength(1);
    expect(slots.tryAcquire(holder(6, 6))).toBeNull();
  });

  it('gives a tenant the only slot', () => {
    const slots = new FairSlots(1);
    const [release] = takeAll(slots, holder(1, 1));
    release?.();
    release?.();
    expect(slots.used).toBe(0);
    expect(takeAll(slots, holder(2, 2))).toHaveLength(1);
  });

  it('admits the waiting tenant that holds fewest, whichever came first', async () => {
    const slots = new FairSlots(3);
    const first = slots.tryAcquire(holder(1, 1));
    const second = slots.tryAcquire(holder(2, 2));
    const third = slots.tryAcquire(holder(3, 3));
    const order: string[] = [];
    const again = slots.acquire(holder(1, 1), NEVER).then(() => order.push('tenant 1 again'));
    const other = slots.acquire(holder(4, 4), NEVER).then(() => order.push('tenant 4'));
    expect(slots.waiting).toBe(2);
    second?.();
    await other;
    expect(order).toEqual(['tenant 4']);
    first?.();
    third?.();
    await again;
    expect(order).toEqual(['tenant 4', 'tenant 1 again']);
    expect(slots).toMatchObject({ used: 2, waiting: 0 });
  });

  it('removes a holder that stops waiting', async () => {
    const slots = new FairSlots(1);
    const release = slots.tryAcquire(holder(1, 1));
    const stop = new AbortController();
    const waiting = slots.acquire(holder(2, 2), stop.signal);
    stop.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    release?.();
    expect(slots).toMatchObject({ used: 0, waiting: 0 });
    await expect(slots.acquire(holder(2, 2), stop.signal)).rejects.toThrow('gone');
  });
});
