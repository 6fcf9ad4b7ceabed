import type { Actor, AuditEvent } from '../../domain/audit/audit-event.ts';

/** Limits for the events recorded in one period. */
export interface BudgetTerms {
  /** Per key. */
  readonly perKey: number;
  readonly overall: number;
  /**
   * How many kinds of dropped events are counted apart; all others are counted without their actor.
   */
  readonly maxKinds: number;
}

/** An event, its actor, and the keys that it counts for. */
export interface CountedEvent {
  readonly keys: readonly string[];
  readonly by: Actor;
  readonly event: Pick<AuditEvent, 'action' | 'result'>;
}

/** Events of one kind that were dropped. */
export interface DroppedEvents extends Omit<CountedEvent, 'keys'> {
  readonly dropped: number;
}

/**
 * Decides which events are recorded, so that one noisy caller neither fills the database nor hides
 * the events of others. Counts the dropped ones by kind. Uses bounded memory.
 */
export class EventBudget {
  readonly #terms: BudgetTerms;
  #admitted = 0;
  #byKey = new Map<string, number>();
  #dropped = new Map<string, DroppedEvents>();

  constructor(terms: BudgetTerms) {
    this.#terms = terms;
  }

  /** Returns whether the event may be recorded in this period, and counts it if so. */
  admit({ keys }: CountedEvent): boolean {
    const { perKey, overall } = this.#terms;
    if (this.#admitted >= overall || keys.some((key) => this.#countOf(key) >= perKey)) return false;
    this.#admitted += 1;
    for (const key of keys) this.#byKey.set(key, this.#countOf(key) + 1);
    return true;
  }

  /** Counts a dropped event. */
  drop({ by, event }: CountedEvent): void {
    const kind = JSON.stringify([event, by.id, by.name, by.origin?.address]);
    if (this.#dropped.has(kind) || this.#dropped.size < this.#terms.maxKinds) this.#count(kind, { by, event });
    else this.#count(JSON.stringify([event]), { by: { id: null }, event });
  }

  /** Starts the next period. Returns the events dropped in the last one. */
  renew(): readonly DroppedEvents[] {
    const dropped = [...this.#dropped.values()];
    this.#admitted = 0;
    this.#byKey = new Map();
    this.#dropped = new Map();
    return dropped;
  }

  #countOf(key: string): number {
    return this.#byKey.get(key) ?? 0;
  }

  #count(kind: string, events: Omit<DroppedEvents, 'dropped'>): void {
    this.#dropped.set(kind, { ...events, dropped: (this.#dropped.get(kind)?.dropped ?? 0) + 1 });
  }
}
