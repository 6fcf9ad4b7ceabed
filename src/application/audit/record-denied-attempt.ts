import { networkOf } from '../../domain/access/network.ts';
import type { Actor, Details } from '../../domain/audit/audit-event.ts';
import type { DomainError } from '../../domain/shared/domain-error.ts';
import { resultWithin } from '../leases/time-limit.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { DeniedAttempt, DeniedAttempts } from '../ports/denied-attempts.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { RepeatedEventBudget } from './repeated-event-budget.ts';
import { EventBudget, type CountedEvent, type DroppedEvents } from './event-budget.ts';

/** A response is delayed no longer than this by the recording of its event. */
const WRITE_TIMEOUT_MS = 2_000;
/** Limits concurrent recordings, so that they leave the database to other requests. */
const MAX_AT_ONCE = 16;
/** Per minute: for one network, for one user or name, and in all. */
const TERMS = { perKey: 60, overall: 1200, maxKinds: 100 };
const MINUTE_MS = 60_000;
/** Longer details are left out. Counted in characters. */
const MAX_DETAILS_LENGTH = 2_000;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly clock: MonotonicClock;
  readonly log: Log;
  readonly eventFilter?: RepeatedEventBudget | null;
}

/**
 * Records denied attempts, each in its own transaction after the one that was rolled back. Best
 * effort, and limited per network and name, so that a flood neither fills the database nor hides
 * other attempts. Dropped events are summed up, one entry per kind, together with those of
 * `eventFilter`.
 */
export class RecordDeniedAttempt implements DeniedAttempts {
  readonly #work: UnitOfWork;
  readonly #clock: MonotonicClock;
  readonly #log: Log;
  readonly #eventFilter: RepeatedEventBudget | null;
  /** Known and unknown callers have separate budgets. */
  readonly #budgets = { known: new EventBudget(TERMS), unknown: new EventBudget(TERMS) };
  #since: number;
  #writing = 0;

  constructor({ work, clock, log, eventFilter = null }: Dependencies) {
    this.#work = work;
    this.#clock = clock;
    this.#log = log;
    this.#eventFilter = eventFilter;
    this.#since = clock.now();
  }

  /** Never rejects, and resolves within seconds. Does nothing if the database is unavailable. */
  async run({ by, event }: DeniedAttempt, error: DomainError): Promise<void> {
    if (error.code === 'unavailable') return;
    await this.sumUp();
    const counted = countedEvent(by, { action: event.action, result: error.code });
    const budget = this.#budgets[by.id === null ? 'unknown' : 'known'];
    if (this.#writing >= MAX_AT_ONCE || !budget.admit(counted)) {
      budget.drop(counted);
      return;
    }
    await this.#write(async () =>
      this.#work.run(async (tx) => {
        const claimed = by.id === null && by.name != null ? await tx.users.findCredential(by.name) : null;
        const subject = claimed === null ? {} : { user: claimed.user.id };
        await tx.audit.record(by, { ...subject, ...event, result: error.code, details: detailsOf(error) });
      }),
    );
  }

  /**
   * Records how many events were dropped, when the minute is over or when `isEnd` says that the
   * service stops. Run it periodically. Never rejects, and resolves within seconds.
   */
  async sumUp(isEnd = false): Promise<void> {
    if (!isEnd && this.#clock.now() - this.#since < MINUTE_MS) return;
    this.#since = this.#clock.now();
    const denied = [...this.#budgets.known.renew(), ...this.#budgets.unknown.renew()];
    const dropped = [...denied, ...(this.#eventFilter?.renew() ?? [])];
    if (dropped.length === 0) return;
    if (denied.length > 0) {
      this.#log.warn({ dropped: total(denied) }, 'too many denied attempts to record all of them');
    }
    await this.#write(async () =>
      this.#work.run(async (tx) => {
        for (const { by, event, dropped: count } of dropped) {
          await tx.audit.record(by, { ...event, details: { dropped: count } });
        }
      }),
    );
  }

  async #write(write: () => Promise<void>): Promise<void> {
    this.#writing += 1;
    const writing = write()
      .catch((cause: unknown) => this.#log.warn({ err: cause }, 'a denied attempt could not be recorded'))
      .finally(() => (this.#writing -= 1));
    await resultWithin(writing, WRITE_TIMEOUT_MS);
  }
}

/** Counts an IPv6 client by its network, because it can use every address there. */
function countedEvent(by: Actor, event: CountedEvent['event']): CountedEvent {
  const network = networkOf(by.origin?.address ?? '');
  const who = by.id === null ? `name ${by.name ?? ''}` : `user ${by.id}`;
  const origin = by.origin && { ...by.origin, address: network === '' ? null : network, request: null };
  return { keys: [`network ${network}`, who], by: { ...by, origin }, event };
}

function total(dropped: readonly DroppedEvents[]): number {
  return dropped.reduce((sum, { dropped: count }) => sum + count, 0);
}

function detailsOf({ detail }: DomainError): Details {
  const details = Object.fromEntries(Object.entries({ ...detail })) as Details;
  return JSON.stringify(details).length > MAX_DETAILS_LENGTH ? {} : details;
}
