/** A statement as PostgreSQL takes it. */
export interface Statement {
  readonly text: string;
  /**
   * By which each connection knows it once it was parsed there; undefined for one that is parsed
   * every time.
   */
  readonly name?: string | undefined;
  /** Whether it neither changes nor locks anything. */
  readonly reads: boolean;
}

const CHANGES = /\b(?:insert|update|delete|share|lock|pg_advisory_\w+|nextval|setval)\b/i;

/** There are as many as the source has: no text depends on what a client sends. */
const known = new Map<string, Statement>();

/** A statement that is written with `?` for each binding. */
export function statementFor(sql: string): Statement {
  const found = known.get(sql);
  if (found !== undefined) return found;
  let count = 0;
  const statement = {
    text: sql.replace(/\?/g, () => `$${(count += 1)}`),
    name: `platter-${known.size}`,
    reads: !CHANGES.test(sql),
  };
  known.set(sql, statement);
  return statement;
}

/** The same, parsed and planned every time. */
export function unnamed({ text, reads }: Statement): Statement {
  return { text, reads };
}
