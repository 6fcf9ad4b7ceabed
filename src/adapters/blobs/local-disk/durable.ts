import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes what happened to the entries of a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Renames a file, whose own bytes are durable already, so that the new name survives a power cut.
 */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}
