import type { Pool, PoolClient } from 'pg';

/** What a connection was asked, as PostgreSQL gets it. */
export interface RecordedQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

type Asked = string | { readonly text: string; readonly values?: readonly unknown[] };

/**
 * Calls `note` with everything that is asked over the connections of a pool, from here until the
 * answer of this is called.
 */
export function recordQueries(pool: Pool, note: (query: RecordedQuery) => void): () => void {
  const undo = new Map<PoolClient, () => void>();
  const listen = (client: PoolClient): void => {
    if (undo.has(client)) return;
    const before = client.query.bind(client);
    undo.set(client, () => Object.assign(client, { query: before }));
    const query = before as (...all: unknown[]) => unknown;
    Object.assign(client, {
      query: (asked: Asked, ...others: unknown[]) => {
        note(
          typeof asked === 'string' ? { text: asked, values: [] } : { text: asked.text, values: asked.values ?? [] },
        );
        return query(asked, ...others);
      },
    });
  };
  pool.on('acquire', listen);
  return () => {
    pool.off('acquire', listen);
    for (const restore of undo.values()) restore();
  };
}
