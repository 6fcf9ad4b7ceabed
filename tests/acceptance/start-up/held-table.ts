import { Client } from 'pg';

/** Locks a table exclusively. Returns a function that releases the lock. */
export async function holdTable(databaseUrl: string, table: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`begin; lock table ${table}`);
  return async () => client.end();
}
