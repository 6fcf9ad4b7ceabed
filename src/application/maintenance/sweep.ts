import { isUnderWay } from '../../domain/media/media-states.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { Purge } from '../media/purge.ts';
import type { ResizeMedia } from '../media/resize-media.ts';
import { takeOutIf } from '../media/take-out.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** When leases are judged. Seconds. */
export interface SweepTerms {
  readonly leaseSeconds: number;
  /** How long after its end a lease is still left alone. */
  readonly graceSeconds: number;
}

const BATCH = 100;
/** Only leases that were ended on purpose lie this far back. */
const ENDED_ON_PURPOSE_SECONDS = 1e9;

/**
 * Takes away what died: media whose bringer fell silent, bytes of media that were removed; and ends the resizing that somebody began. Any number
 * of replicas may sweep at once.
 */
export class Sweep {
  readonly #work: UnitOfWork;
  readonly #purge: Purge;
  readonly #resize: ResizeMedia;
  readonly #clock: MonotonicClock;
  readonly #log: Log;
  readonly #terms: SweepTerms;
  /** Since when the database has answered without a break; null while it does not. */
  #databaseSince: number | null = null;

  constructor(work: UnitOfWork, purge: Purge, resize: ResizeMedia, clock: MonotonicClock, log: Log, terms: SweepTerms) {
    this.#work = work;
    this.#purge = purge;
    this.#resize = resize;
    this.#clock = clock;
    this.#log = log;
    this.#terms = terms;
  }

  /** One pass. Fails with `unavailable` when the database does not answer; what one pool refuses is logged and tried again next time. */
  async run(): Promise<void> {
    const grace = this.#grace();
    try {
      const abandoned = await this.#work.run((tx) => tx.media.abandoned(grace, BATCH));
      this.#databaseSince ??= this.#clock.now();
      for (const id of abandoned) await this.#takeOver(id, grace);
      await this.#resize.resume(grace);
      await this.#purgeAll(grace);
    } catch (error) {
      this.#databaseSince = null;
      throw error;
    }
  }

  /** After losing the database, everybody gets one lease to renew theirs before they are judged again. */
  #grace(): number {
    const settled =
      this.#databaseSince !== null && this.#clock.now() - this.#databaseSince >= this.#terms.leaseSeconds * 1000;
    return settled ? this.#terms.graceSeconds : ENDED_ON_PURPOSE_SECONDS;
  }

  async #takeOver(id: MediaId, grace: number): Promise<void> {
    const taken = await this.#work.run((tx) =>
      takeOutIf(tx, id, ({ state }) => isUnderWay(state) && tx.media.isAbandoned(id, grace)),
    );
    if (taken) this.#log.info({ media: id }, 'took over media whose bringer fell silent');
  }

  async #purgeAll(grace: number): Promise<void> {
    let after: MediaId | null = null;
    for (;;) {
      const batch: readonly MediaId[] = await this.#work.run((tx) => tx.media.removable(grace, BATCH, after));
      for (const id of batch) await this.#tryPurge(id);
      after = batch.at(-1) ?? null;
      if (batch.length < BATCH) return;
    }
  }

  async #tryPurge(id: MediaId): Promise<void> {
    try {
      await this.#purge.run(id);
    } catch (error) {
      this.#log.warn({ media: id, err: error }, 'the bytes of removed media could not be taken away yet');
    }
  }
}
