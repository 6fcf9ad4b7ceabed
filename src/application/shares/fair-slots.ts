import type { Shareholder, TenantId } from '../../domain/access/tenant.ts';

/** Releases a slot. Further calls do nothing. */
export type Release = () => void;

interface Waiter {
  readonly holder: Shareholder;
  readonly admit: (release: Release) => void;
}

/** The share of all slots that one user, and one tenant, may hold at once. */
const SHARE = 1 / 4;

/**
 * Returns how many of `slots` one user, and one tenant, may hold at once: a quarter, and at least
 * one.
 */
export function shareOf(slots: number): number {
  return Math.max(1, Math.floor(slots * SHARE));
}

/**
 * Whether a tenant that holds `held` of at most `share` slots may have one more, if `free` are
 * free.
 */
function mayTake(free: number, held: number, share: number): boolean {
  return free > 0 && held < share && (free > 1 || held === 0);
}

/**
 * Returns the tenants of `holders` that may not have one more of `slots` now; `share` is how many a
 * tenant may hold.
 */
export function tenantsAtTheirShare(
  slots: number,
  holders: readonly TenantId[],
  share = shareOf(slots),
): readonly TenantId[] {
  const held = (tenant: TenantId): number => holders.filter((other) => other === tenant).length;
  return [...new Set(holders)].filter((tenant) => !mayTake(slots - holders.length, held(tenant), share));
}

/**
 * Shares a fixed number of slots. No user and no tenant holds more than its share, and the last
 * free slot goes only to a tenant that holds none. Counts in this process, and stores nothing about
 * holders that neither hold a slot nor wait for one.
 */
export class FairSlots {
  readonly #slots: number;
  readonly #share: number;
  readonly #held = new Map<string, number>();
  readonly #waiters: Waiter[] = [];
  #used = 0;

  constructor(slots: number) {
    this.#slots = slots;
    this.#share = shareOf(slots);
  }

  /** The number of slots held. */
  get used(): number {
    return this.#used;
  }

  /** The number of waiting holders. */
  get waiting(): number {
    return this.#waiters.length;
  }

  /** Whether this holder could have a slot now. */
  admits(holder: Shareholder): boolean {
    if (this.#heldBy(userKey(holder)) >= this.#share) return false;
    return mayTake(this.#slots - this.#used, this.#heldBy(tenantKey(holder)), this.#share);
  }

  /**
   * Acquires a slot, or returns null if `admits` returns false. Does not consider waiting holders.
   */
  tryAcquire(holder: Shareholder): Release | null {
    return this.admits(holder) ? this.#take(holder) : null;
  }

  /**
   * Resolves when the holder has a slot. Of the waiting holders that could have one, the next is
   * the one whose tenant holds fewest, then whose user holds fewest, then the one that came first.
   *
   * @throws the signal's reason, when it aborts during the wait
   */
  async acquire(holder: Shareholder, signal: AbortSignal): Promise<Release> {
    signal.throwIfAborted();
    const release = this.tryAcquire(holder);
    if (release !== null) return release;
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        holder,
        admit: (given) => {
          signal.removeEventListener('abort', abort);
          resolve(given);
        },
      };
      const abort = (): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(signal.reason as Error);
      };
      this.#waiters.push(waiter);
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  #take(holder: Shareholder): Release {
    this.#count(holder, 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#count(holder, -1);
      this.#admitNext();
    };
  }

  #admitNext(): void {
    let next = this.#next();
    while (next !== null) {
      this.#waiters.splice(this.#waiters.indexOf(next), 1);
      next.admit(this.#take(next.holder));
      next = this.#next();
    }
  }

  #next(): Waiter | null {
    let best: Waiter | null = null;
    for (const waiter of this.#waiters) {
      if (this.admits(waiter.holder) && (best === null || this.#precedes(waiter.holder, best.holder))) best = waiter;
    }
    return best;
  }

  #precedes(one: Shareholder, other: Shareholder): boolean {
    const byTenant = this.#heldBy(tenantKey(one)) - this.#heldBy(tenantKey(other));
    if (byTenant !== 0) return byTenant < 0;
    return this.#heldBy(userKey(one)) < this.#heldBy(userKey(other));
  }

  #heldBy(key: string): number {
    return this.#held.get(key) ?? 0;
  }

  #count(holder: Shareholder, slots: 1 | -1): void {
    this.#used += slots;
    for (const key of [tenantKey(holder), userKey(holder)]) {
      const held = this.#heldBy(key) + slots;
      if (held === 0) this.#held.delete(key);
      else this.#held.set(key, held);
    }
  }
}

function tenantKey({ tenant }: Shareholder): string {
  return `tenant ${tenant}`;
}

function userKey({ user }: Shareholder): string {
  return `user ${user}`;
}
