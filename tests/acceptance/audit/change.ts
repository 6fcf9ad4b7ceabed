import type { AuditEntry } from '../../../src/domain/audit/audit-entry.ts';
import type { Answer } from '../../support/http/client.ts';
import type { AuditFixture } from './audit-fixture.ts';

/**
 * An audit event without time, actor and address: ids of its subjects, and the result unless it
 * succeeded.
 */
export interface EventSummary {
  readonly action: string;
  readonly result?: string;
  readonly user?: unknown;
  readonly group?: unknown;
  readonly pool?: unknown;
  readonly media?: unknown;
  readonly server?: unknown;
  readonly tag?: unknown;
}

/** A call and the events that it must record. */
export interface AuditedCall {
  readonly ask: () => Promise<Answer>;
  readonly written: (answer: Answer) => readonly EventSummary[];
}

/** A route that changes something: a call by root that succeeds, and one that is refused. */
export interface Change {
  /** As in `routes.ts`. */
  readonly route: string;
  readonly done: (fixture: AuditFixture) => Promise<AuditedCall>;
  /** Null if every authenticated caller is allowed. */
  readonly refused: ((fixture: AuditFixture) => Promise<AuditedCall>) | null;
}

const SUBJECTS = ['user', 'group', 'pool', 'media', 'server', 'tag'] as const;

export function summaryOf(entry: AuditEntry): EventSummary {
  const { action, result } = entry;
  const subjects = SUBJECTS.map((kind) => [kind, entry[kind]?.id]).filter(([, id]) => id !== undefined);
  return { action, ...(result === 'done' ? {} : { result }), ...(Object.fromEntries(subjects) as object) };
}

/** Sorts summaries, independent of the order in which they were recorded. */
export const sorted = (briefs: readonly EventSummary[]): readonly EventSummary[] =>
  briefs.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
