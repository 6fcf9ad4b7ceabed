import { readdir } from 'node:fs/promises';
import type { Platter } from '../../support/platter.ts';

/** How many files and connections a program has open. */
export async function openFiles({ process: { pid } }: Platter): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}
