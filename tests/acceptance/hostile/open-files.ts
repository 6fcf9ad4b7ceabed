import { readdir, readlink } from 'node:fs/promises';
import type { Platter } from '../../support/program/platter.ts';

/**
 * How many files and sockets a running Platter has open: not what its threads talk to each other
 * by, which are begun when they are first needed.
 */
export async function openFiles({ process: { pid } }: Platter): Promise<number> {
  const folder = `/proc/${pid}/fd`;
  const targets = await Promise.all(
    (await readdir(folder)).map(async (name) => readlink(`${folder}/${name}`).catch(() => 'pipe: closed meanwhile')),
  );
  return targets.filter((target) => !/^(?:pipe|anon_inode):/.test(target)).length;
}
