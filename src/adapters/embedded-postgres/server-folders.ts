import { chmod, chown, mkdir } from 'node:fs/promises';
import type { ServerUser } from './server-user.ts';

/**
 * Makes a folder of ours, with its parents, where there is none. The server's user may pass through
 * it, but not list it nor put anything there: what root later opens by name is always what root put
 * there.
 */
export async function createTraversableFolder(path: string, user: ServerUser | null): Promise<void> {
  const mode = user ? 0o711 : 0o700;
  const made = await mkdir(path, { recursive: true, mode });
  // A strict umask must not close it again.
  if (made !== undefined) await chmod(path, mode);
}

/** Makes a folder that belongs to the server's user alone; fine when it is there. */
export async function createServerFolder(path: string, user: ServerUser | null): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made !== undefined && user) await chown(path, user.uid, user.gid);
}
