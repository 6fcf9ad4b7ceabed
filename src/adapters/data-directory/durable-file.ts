import { open, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from '../shared/sync-folder.ts';

/**
 * Replaces the content of `path`, readable by its owner alone. Readers see the old text or the new
 * one, never a part. Once it resolves, the new text survives a power cut. On failure the old text
 * stays.
 *
 * @throws the error of the filesystem
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}-${randomUUID()}`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}
