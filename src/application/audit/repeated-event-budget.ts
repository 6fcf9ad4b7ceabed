import { networkOf } from '../../domain/access/network.ts';
import type { Action, Actor, AuditEvent } from '../../domain/audit/audit-event.ts';
import type { AuditEventFilter } from '../ports/audit-repository.ts';
import { EventBudget, type DroppedEvents } from './event-budget.ts';

/** Per minute and user. */
const TERMS = { perKey: 120, overall: Infinity, maxKinds: 1000 };

/** Actions on a user's own resources, which cost nothing and can be repeated at will. */
const LIMITED_ACTIONS: ReadonlySet<Action> = new Set([
  'user.edit',
  'authkey.swap',
  'authkey.drop',
  'token.create',
  'token.remove',
  'media.edit',
  'server.create',
  'server.edit',
  'server.remove',
  'tag.create',
  'tag.edit',
  'tag.remove',
]);

/**
 * Actions that accompany changes of servers. Without one they follow from a revoked permission, and
 * are always recorded.
 */
const ACCOMPANYING_ACTIONS: ReadonlySet<Action> = new Set(['media.attach', 'media.detach']);

/**
 * Limits the recorded events per user for changes of the user's own profile, authkeys, servers,
 * tags and labels, so that repetition does not fill the database. Events of all other actions are
 * always recorded. Dropped events are summed up with the denied attempts.
 */
export class RepeatedEventBudget implements AuditEventFilter {
  readonly #budget = new EventBudget(TERMS);

  toWrite(by: Actor, events: readonly AuditEvent[]): readonly AuditEvent[] {
    if (by.id === null || by.origin === undefined || !isLimited(events)) return events;
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

  /** Starts the next period. Returns the events dropped in the last one. */
  renew(): readonly DroppedEvents[] {
    return this.#budget.renew();
  }
}

/**
 * An event with a result is a denied attempt, which has its own budget, or a sum of dropped events.
 */
function isLimited(events: readonly AuditEvent[]): boolean {
  return (
    events.some(({ action }) => LIMITED_ACTIONS.has(action)) &&
    events.every(
      ({ action, result }) => result === undefined && (LIMITED_ACTIONS.has(action) || ACCOMPANYING_ACTIONS.has(action)),
    )
  );
}
