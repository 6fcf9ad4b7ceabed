import type { Actor, AuditEvent } from '../../domain/audit/audit-event.ts';

/** How much is written down within one period. */
export interface BudgetTerms {
  /** Of each key. */
  readonly perKey: number;
  readonly overall: number;
  /** How many kinds of what was dropped are told apart; the rest is told without who did it. */
  readonly maxKinds: number;
}

/** An event with what it has in common with others like it, and by what it is counted. */
export interface CountedEvent {
  readonly keys: readonly string[];
  readonly by: Actor;
  readonly event: Pick<AuditEvent, 'action' | 'result'>;
}

/** Events of one kind that were not written down. */
export interface DroppedEvents extends Omit<CountedEvent, 'keys'> {
  readonly dropped: number;
}

/**
 * Decides what is written down, so that the noise of one caller neither fills the database nor
 * hides what others do. What is dropped is counted by kind. Memory is bounded by the terms.
 */
export class EventBudget {
  readonly #terms: BudgetTerms;
  #admitted = 0;
  #byKey = new Map<string, number>();
  #dropped = new Map<string, DroppedEvents>();

  constructor(terms: BudgetTerms) {
    this.#terms = terms;
  }

  /** Whether there is room for an event in this period. Takes the room. */
  admit({ keys }: CountedEvent): boolean {
    const { perKey, overall } = this.#terms;
    if (this.#admitted >= overall || keys.some((key) => this.#countOf(key) >= perKey)) return false;
    this.#admitted += 1;
    for (const key of keys) this.#byKey.set(key, this.#countOf(key) + 1);
    return true;
  }

  /** Counts an event that is not written down. */
  drop({ by, event }: CountedEvent): void {
    const kind = JSON.stringify([event, by.id, by.name, by.origin?.address]);
    if (this.#dropped.has(kind) || this.#dropped.size < this.#terms.maxKinds) this.#count(kind, { by, event });
    else this.#count(JSON.stringify([event]), { by: { id: null }, event });
  }

  /** Begins the next period. Returns what was dropped in the last one. */
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
