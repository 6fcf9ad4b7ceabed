import { NOBODY } from '../../domain/audit/deed.ts';
import { isUnderWay } from '../../domain/media/media-states.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { Purge } from '../media/purge.ts';
import type { ResizeMedia } from '../media/resize-media.ts';
import { takeOutIf } from '../media/take-out.ts';
import type { Log } from '../ports/log.ts';
import type { Tally } from '../ports/tally.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { Grace } from './grace.ts';

const BATCH = 100;

/**
 * Takes away what died: media whose bringer fell silent, bytes of media that were removed; and ends the resizing that somebody began. Any number
 * of replicas may sweep at once.
 */
export class Sweep {
  readonly #work: UnitOfWork;
  readonly #purge: Purge;
  readonly #resize: ResizeMedia;
  readonly #grace: Grace;
  readonly #tally: Tally;
  readonly #log: Log;

  constructor(work: UnitOfWork, purge: Purge, resize: ResizeMedia, grace: Grace, tally: Tally, log: Log) {
    this.#work = work;
    this.#purge = purge;
    this.#resize = resize;
    this.#grace = grace;
    this.#tally = tally;
    this.#log = log;
  }

  /** One pass. Fails with `unavailable` when the database does not answer; what one pool refuses is logged and tried again next time. */
  async run(): Promise<void> {
    const grace = this.#grace.seconds;
    try {
      const abandoned = await this.#work.run((tx) => tx.media.abandoned(grace, BATCH));
      this.#grace.answered();
      for (const id of abandoned) await this.#takeOver(id, grace);
      await this.#resize.resume(grace);
      await this.#purgeAll(grace);
    } catch (error) {
      this.#grace.lost();
      throw error;
    }
  }

  async #takeOver(id: MediaId, grace: number): Promise<void> {
    const taken = await this.#work.run((tx) =>
      takeOutIf(tx, id, ({ state }) => isUnderWay(state) && tx.media.isAbandoned(id, grace), {
        by: NOBODY,
        action: 'media.abandon',
      }),
    );
    if (!taken) return;
    this.#tally.mediaTakenOver();
    this.#log.info({ media: id }, 'took over media whose bringer fell silent');
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
      this.#tally.removalFailed();
      this.#log.warn({ media: id, err: error }, 'the bytes of removed media could not be taken away yet');
    }
  }
}
