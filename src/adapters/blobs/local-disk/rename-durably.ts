import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../shared/sync-folder.ts';

/**
 * Renames a file, whose own bytes are durable already, so that the new name survives a power cut.
 */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}
