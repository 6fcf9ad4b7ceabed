import { readdir, readlink } from 'node:fs/promises';
import type { Platter } from '../../support/program/platter.ts';

/**
 * Returns how many files and sockets a running Platter has open, without the pipes between its
 * threads, which open on first use.
 */
export async function openFiles({ process: { pid } }: Platter): Promise<number> {
  const folder = `/proc/${pid}/fd`;
  const targets = await Promise.all(
    (await readdir(folder)).map(async (name) => readlink(`${folder}/${name}`).catch(() => 'pipe: closed meanwhile')),
  );
  return targets.filter((target) => !/^(?:pipe|anon_inode):/.test(target)).length;
}
