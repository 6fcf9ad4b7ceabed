import { chmod, chown, mkdir } from 'node:fs/promises';
import type { ServerUser } from './server-user.ts';

/**
 * Creates a folder of ours, with its parents, when it is missing. The server's user may pass
 * through it, but neither list it nor create anything in it, so root can trust the names in it.
 */
export async function createTraversableFolder(path: string, user: ServerUser | null): Promise<void> {
  const mode = user ? 0o711 : 0o700;
  const created = await mkdir(path, { recursive: true, mode });
  // A strict umask must not take the mode away.
  if (created !== undefined) await chmod(path, mode);
}

/** Creates a folder that belongs to the server's user alone. Idempotent. */
export async function createServerFolder(path: string, user: ServerUser | null): Promise<void> {
  const created = await mkdir(path, { recursive: true, mode: 0o700 });
  if (created !== undefined && user) await chown(path, user.uid, user.gid);
}
