import { Repeat } from '../adapters/timer/repeat.ts';
import type { ForgetAuthkeys } from '../application/access/forget-authkeys.ts';
import type { HeldLeases } from '../application/maintenance/held-leases.ts';
import type { Sweep } from '../application/maintenance/sweep.ts';
import type { Log } from '../application/ports/log.ts';
import type { Removals } from '../application/ports/removals.ts';

/** A lease is renewed this many times while it lasts. */
const RENEWALS = 3;
const FORGET_EVERY_MS = 60_000;
const SWEEP_EVERY_MS = 1_000;

/** What goes on by itself while the service runs: leases are renewed, what died is swept, old authkeys are forgotten. */
export class Upkeep implements Removals {
  readonly #renewing: Repeat;
  readonly #sweeping: Repeat;
  readonly #forgetting: Repeat;

  constructor(leases: HeldLeases, sweep: Sweep, forget: ForgetAuthkeys, leaseSeconds: number, log: Log) {
    this.#renewing = new Repeat('renewing leases', (leaseSeconds * 1000) / RENEWALS, async () => leases.renew(), log);
    const endAndSweep = async (): Promise<void> => {
      await leases.endGivenUp();
      await sweep.run();
    };
    this.#sweeping = new Repeat('sweeping', SWEEP_EVERY_MS, endAndSweep, log);
    this.#forgetting = new Repeat('forgetting authkeys', FORGET_EVERY_MS, async () => forget.run(), log);
  }

  start(): void {
    for (const repeat of [this.#renewing, this.#sweeping, this.#forgetting]) repeat.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#renewing.stop(), this.#sweeping.stop(), this.#forgetting.stop()]);
  }

  /** Leases first: renewing is how this replica learns that what it is receiving was removed. */
  wake(): void {
    this.#renewing.wake();
    this.#sweeping.wake();
  }
}
