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

/** An answer waits no longer than this for what is written down of it. Milliseconds. */
const WRITE_TIMEOUT_MS = 2_000;
/**
 * So many are written down at once, so that they never take the database from those who are not
 * refused.
 */
const MAX_AT_ONCE = 16;
/** Per minute: of one address, of one user or name, and of all. */
const TERMS = { perKey: 60, overall: 1200, maxKinds: 100 };
const MINUTE_MS = 60_000;
/** More detail than this is left out. Characters. */
const MAX_DETAILS_LENGTH = 2_000;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly clock: MonotonicClock;
  readonly log: Log;
  readonly eventFilter?: RepeatedEventBudget | null;
}

/**
 * Writes down what was refused, in a transaction of its own, after the one that was undone. Best
 * effort, and bounded by address and by name, so that a flood neither fills the database nor hides
 * the refusals of others. What was left out is summed up, an entry for each kind, and so is what
 * was left out of `deeds`.
 */
export class RecordDeniedAttempt implements DeniedAttempts {
  readonly #work: UnitOfWork;
  readonly #clock: MonotonicClock;
  readonly #log: Log;
  readonly #eventFilter: RepeatedEventBudget | null;
  /** Callers that are known do not share with those that are not. */
  readonly #budgets = { known: new EventBudget(TERMS), unknown: new EventBudget(TERMS) };
  #since: number;
  #atWork = 0;

  constructor({ work, clock, log, eventFilter = null }: Dependencies) {
    this.#work = work;
    this.#clock = clock;
    this.#log = log;
    this.#eventFilter = eventFilter;
    this.#since = clock.now();
  }

  /** Never fails, and resolves within seconds. Without the database there is no use in trying. */
  async run({ by, event }: DeniedAttempt, error: DomainError): Promise<void> {
    if (error.code === 'unavailable') return;
    await this.sumUp();
    const counted = countedEvent(by, { action: event.action, result: error.code });
    const budget = this.#budgets[by.id === null ? 'unknown' : 'known'];
    if (this.#atWork >= MAX_AT_ONCE || !budget.admit(counted)) {
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
   * Writes down how much was left out, once the minute is over, or at the end of the service
   * before. For running now and then. Never fails, and resolves within seconds.
   */
  async sumUp(isEnd = false): Promise<void> {
    if (!isEnd && this.#clock.now() - this.#since < MINUTE_MS) return;
    this.#since = this.#clock.now();
    const refusals = [...this.#budgets.known.renew(), ...this.#budgets.unknown.renew()];
    const dropped = [...refusals, ...(this.#eventFilter?.renew() ?? [])];
    if (dropped.length === 0) return;
    if (refusals.length > 0) {
      this.#log.warn({ dropped: total(refusals) }, 'refusals were too many to write all of them down');
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
    this.#atWork += 1;
    const writing = write()
      .catch((cause: unknown) => this.#log.warn({ err: cause }, 'a refusal could not be written down'))
      .finally(() => (this.#atWork -= 1));
    await resultWithin(writing, WRITE_TIMEOUT_MS);
  }
}

/** An IPv6 client has as many addresses as it likes within its network. */
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
