import type { Pool, PoolClient } from 'pg';

/** One query as PostgreSQL receives it. */
export interface RecordedQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

type QueryArgument = string | { readonly text: string; readonly values?: readonly unknown[] };

/**
 * Calls `note` with every query of a pool's connections. Returns a function that ends the
 * recording.
 */
export function recordQueries(pool: Pool, note: (query: RecordedQuery) => void): () => void {
  const undo = new Map<PoolClient, () => void>();
  const listen = (client: PoolClient): void => {
    if (undo.has(client)) return;
    const before = client.query.bind(client);
    undo.set(client, () => Object.assign(client, { query: before }));
    const query = before as (...all: unknown[]) => unknown;
    Object.assign(client, {
      query: (argument: QueryArgument, ...others: unknown[]) => {
        note(
          typeof argument === 'string'
            ? { text: argument, values: [] }
            : { text: argument.text, values: argument.values ?? [] },
        );
        return query(argument, ...others);
      },
    });
  };
  pool.on('acquire', listen);
  return () => {
    pool.off('acquire', listen);
    for (const restore of undo.values()) restore();
  };
}
