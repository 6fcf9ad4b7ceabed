import { networkOf } from '../../domain/access/network.ts';
import type { Action, Actor, AuditEvent } from '../../domain/audit/audit-event.ts';
import type { AuditEventFilter } from '../ports/audit-repository.ts';
import { EventBudget, type DroppedEvents } from './event-budget.ts';

/** Per minute of each user. */
const TERMS = { perKey: 120, overall: Infinity, maxKinds: 1000 };

/** What users do to what is theirs alone, at no cost and as often as they like. */
const BOUNDED: ReadonlySet<Action> = new Set([
  'user.edit',
  'authkey.swap',
  'authkey.drop',
  'media.edit',
  'server.create',
  'server.edit',
  'server.remove',
  'tag.create',
  'tag.edit',
  'tag.remove',
]);

/**
 * What goes along with deeds on servers. By itself it follows from a permission that was taken, and
 * is always written down.
 */
const ALONG: ReadonlySet<Action> = new Set(['media.attach', 'media.detach']);

/**
 * Bounds what is written down of each user's deeds on its own profile, authkeys, servers and tags
 * and on labels of media, so that repeating them does not fill the database. All other deeds are
 * always written down. What is left out is summed up with the refusals.
 */
export class RepeatedEventBudget implements AuditEventFilter {
  readonly #budget = new EventBudget(TERMS);

  toWrite(by: Actor, events: readonly AuditEvent[]): readonly AuditEvent[] {
    if (by.id === null || by.origin === undefined || !isBounded(events)) return events;
    const keys = [`user ${by.id}`];
    const address = networkOf(by.origin.address ?? '');
    const origin = { ...by.origin, address: address === '' ? null : address, request: null };
    return events.filter(({ action }) => {
      const event = { keys, by: { ...by, origin }, event: { action, result: 'done' } } as const;
      const isAdmitted = this.#budget.admit(event);
      if (!isAdmitted) this.#budget.drop(event);
      return isAdmitted;
    });
  }

  /** Begins the next period. Returns what was left out in the last one. */
  renew(): readonly DroppedEvents[] {
    return this.#budget.renew();
  }
}

/** What has a result is a refusal, which has a budget of its own, or sums up what was left out. */
function isBounded(events: readonly AuditEvent[]): boolean {
  return (
    events.some(({ action }) => BOUNDED.has(action)) &&
    events.every(({ action, result }) => result === undefined && (BOUNDED.has(action) || ALONG.has(action)))
  );
}
