import type { Pool } from 'pg';

/** The oldest major version of PostgreSQL that Platter runs on. */
export const MIN_MAJOR_VERSION = 14;

/**
 * Checks that the server is new enough.
 *
 * @throws an Error with the server's version and the required one
 */
export async function requireServerVersion(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ number: number; text: string }>(
    `select current_setting('server_version_num')::integer as number, current_setting('server_version') as text`,
  );
  const [version] = rows;
  if (version === undefined) throw new Error('the database server did not return its version');
  const fault = versionFault(version);
  if (fault !== null) throw new Error(fault);
}

/**
 * Returns why a server of this version cannot be used, or null when it can. `number` and `text` are
 * `server_version_num` and `server_version`.
 */
export function versionFault({ number, text }: { readonly number: number; readonly text: string }): string | null {
  if (Math.floor(number / 10_000) >= MIN_MAJOR_VERSION) return null;
  return `the server is PostgreSQL ${text}, which is too old: upgrade it to PostgreSQL ${MIN_MAJOR_VERSION} or newer`;
}
