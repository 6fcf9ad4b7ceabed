/** A statement in PostgreSQL's syntax. */
export interface Statement {
  readonly text: string;
  /** The name of the prepared statement; undefined for one that is parsed every time. */
  readonly name?: string | undefined;
  /** Whether it neither changes nor locks rows. */
  readonly reads: boolean;
}

const CHANGES_OR_LOCKS = /\b(?:insert|update|delete|share|lock|pg_advisory_\w+|nextval|setval)\b/i;

/** Bounded by the statements in the source: no text depends on client input. */
const statements = new Map<string, Statement>();

/** Returns the statement of SQL with `?` for each binding. */
export function statementFor(sql: string): Statement {
  const found = statements.get(sql);
  if (found !== undefined) return found;
  let count = 0;
  const statement = {
    text: sql.replace(/\?/g, () => `$${(count += 1)}`),
    name: `platter-${statements.size}`,
    reads: !CHANGES_OR_LOCKS.test(sql),
  };
  statements.set(sql, statement);
  return statement;
}

/** Returns the same statement, to be parsed and planned every time. */
export function unnamed({ text, reads }: Statement): Statement {
  return { text, reads };
}
