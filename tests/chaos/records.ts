import { Client } from 'pg';

/** One database connection, for tests that run thousands of statements. */
export interface Records {
  rows(statement: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

export async function openRecords(url: string): Promise<Records> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return {
    rows: async (statement) => (await client.query<Record<string, unknown>>(statement)).rows,
    close: async () => client.end(),
  };
}
