import type { Details } from '../../domain/audit/deed.ts';
import type { DomainError } from '../../domain/shared/domain-error.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Refusal, Refusals } from '../ports/refusals.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { inTime } from '../maintenance/in-time.ts';

/** An answer waits no longer than this for what is written down of it. Milliseconds. */
const PATIENCE = 2_000;
/** So many are written down at once, so that they never take the database from those who are not refused. */
const MOST_AT_ONCE = 16;
/** So many a minute: those of callers that are known, and of all others. */
const MOST_A_MINUTE = { known: 600, unknown: 120 } as const;
const MINUTE = 60_000;
/** More detail than this is left out. Characters. */
const LONGEST_DETAILS = 2_000;

type Kind = keyof typeof MOST_A_MINUTE;

/**
 * Writes down what was refused, in a transaction of its own, after the one that was undone. Best effort, and bounded: a flood of refusals must not
 * fill the database, nor take it from others. What could not be written down is logged.
 */
export class RecordRefusal implements Refusals {
  readonly #work: UnitOfWork;
  readonly #clock: MonotonicClock;
  readonly #log: Log;
  readonly #written: Record<Kind, { since: number; count: number; passedOver: number }>;
  #atWork = 0;

  constructor(work: UnitOfWork, clock: MonotonicClock, log: Log) {
    this.#work = work;
    this.#clock = clock;
    this.#log = log;
    const since = clock.now();
    this.#written = {
      known: { since, count: 0, passedOver: 0 },
      unknown: { since, count: 0, passedOver: 0 },
    };
  }

  /** Never fails, and resolves within seconds. Without the database there is no use in trying. */
  async run({ by, deed }: Refusal, error: DomainError): Promise<void> {
    if (error.code === 'unavailable' || !this.#admits(by.id === null ? 'unknown' : 'known')) return;
    this.#atWork += 1;
    const details = detailsOf(error);
    const writing = this.#work
      .run(async (tx) => {
        const claimed = by.id === null && by.name != null ? await tx.users.findCredential(by.name) : null;
        const subject = claimed === null ? {} : { user: claimed.user.id };
        await tx.audit.record(by, { ...subject, ...deed, result: error.code, details });
      })
      .catch((cause: unknown) => {
        this.#log.warn({ err: cause, action: deed.action, result: error.code }, 'a refusal could not be written down');
      })
      .finally(() => {
        this.#atWork -= 1;
      });
    await inTime(writing, PATIENCE);
  }

  #admits(kind: Kind): boolean {
    const written = this.#written[kind];
    if (this.#clock.now() - written.since >= MINUTE) {
      const { passedOver } = written;
      if (passedOver > 0) this.#log.warn({ kind, passedOver }, 'refusals were too many to write all of them down');
      Object.assign(written, { since: this.#clock.now(), count: 0, passedOver: 0 });
    }
    const isAdmitted = written.count < MOST_A_MINUTE[kind] && this.#atWork < MOST_AT_ONCE;
    written[isAdmitted ? 'count' : 'passedOver'] += 1;
    return isAdmitted;
  }
}

function detailsOf({ detail }: DomainError): Details {
  const details = Object.fromEntries(Object.entries({ ...detail })) as Details;
  return JSON.stringify(details).length > LONGEST_DETAILS ? {} : details;
}
