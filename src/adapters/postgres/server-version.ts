import type { Pool } from 'pg';

/** The oldest major version of PostgreSQL that Platter runs on. */
export const OLDEST_MAJOR = 14;

/**
 * Fails where the server is older than Platter can use.
 *
 * @throws Error that says which version there is and which is needed
 */
export async function requireServerVersion(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ number: number; text: string }>(
    `select current_setting('server_version_num')::integer as number, current_setting('server_version') as text`,
  );
  const [version] = rows;
  if (version === undefined) throw new Error('the server does not say its version');
  const fault = versionFault(version);
  if (fault !== null) throw new Error(fault);
}

/**
 * What is wrong with a server of this version, as `server_version_num` and `server_version` name
 * it; null where nothing is.
 */
export function versionFault({ number, text }: { readonly number: number; readonly text: string }): string | null {
  if (Math.floor(number / 10_000) >= OLDEST_MAJOR) return null;
  return `the server is PostgreSQL ${text}, which is too old: upgrade it to PostgreSQL ${OLDEST_MAJOR} or newer`;
}
