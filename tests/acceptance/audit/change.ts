import type { AuditEntry } from '../../../src/domain/audit/audit-entry.ts';
import type { Answer } from '../../support/http/client.ts';
import type { Stage } from './stage.ts';

/**
 * What was written down, without when, by whom and from where: ids alone, and no result where it
 * was done.
 */
export interface Brief {
  readonly action: string;
  readonly result?: string;
  readonly user?: unknown;
  readonly group?: unknown;
  readonly pool?: unknown;
  readonly media?: unknown;
  readonly server?: unknown;
  readonly tag?: unknown;
}

/** A call, and what it leaves. */
export interface Asked {
  readonly ask: () => Promise<Answer>;
  readonly written: (answer: Answer) => readonly Brief[];
}

/** A route that may change something: a call by root that does, and one that is refused. */
export interface Change {
  /** As `routes.ts` has it. */
  readonly route: string;
  readonly done: (stage: Stage) => Promise<Asked>;
  /** Null where nobody is refused who is known. */
  readonly refused: ((stage: Stage) => Promise<Asked>) | null;
}

const SUBJECTS = ['user', 'group', 'pool', 'media', 'server', 'tag'] as const;

export function briefOf(entry: AuditEntry): Brief {
  const { action, result } = entry;
  const subjects = SUBJECTS.map((kind) => [kind, entry[kind]?.id]).filter(([, id]) => id !== undefined);
  return { action, ...(result === 'done' ? {} : { result }), ...(Object.fromEntries(subjects) as object) };
}

/** Whatever happens first, the same each time. */
export const inOrder = (briefs: readonly Brief[]): readonly Brief[] =>
  briefs.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
