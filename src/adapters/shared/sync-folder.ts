import { open } from 'node:fs/promises';

/**
 * Resolves when the entries of a folder (created, renamed, removed) survive a power cut. The bytes
 * of a file need a sync of their own.
 *
 * @throws the error of the filesystem
 */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
