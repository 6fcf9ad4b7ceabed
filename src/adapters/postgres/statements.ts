/** A statement as PostgreSQL takes it. */
export interface Statement {
  readonly text: string;
  /** By which each connection knows it once it was parsed there; undefined for one that is parsed every time. */
  readonly name?: string | undefined;
  /** Whether it neither changes nor locks anything. */
  readonly reads: boolean;
}

/** What connections remember is bounded: whatever is asked when so many statements are known, as searches may be, is parsed every time. */
const MOST_KNOWN = 500;
const CHANGES = /\b(?:insert|update|delete|share|lock|pg_advisory_\w+|nextval|setval)\b/i;

const known = new Map<string, Statement>();

/** A statement that is written with `?` for each binding. */
export function statementFor(sql: string): Statement {
  const found = known.get(sql);
  if (found !== undefined) return found;
  let count = 0;
  const statement = {
    text: sql.replace(/\?/g, () => `$${(count += 1)}`),
    name: known.size < MOST_KNOWN ? `platter-${known.size}` : undefined,
    reads: !CHANGES.test(sql),
  };
  if (statement.name !== undefined) known.set(sql, statement);
  return statement;
}
