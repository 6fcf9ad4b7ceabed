import type { Pool, PoolClient } from 'pg';

/** One query as PostgreSQL receives it. */
export interface RecordedQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

type Asked = string | { readonly text: string; readonly values?: readonly unknown[] };

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
