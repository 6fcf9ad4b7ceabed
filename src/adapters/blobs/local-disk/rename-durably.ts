import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../shared/sync-folder.ts';

/** Renames a file so that the new name survives a power cut. Sync the file's bytes before. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}
