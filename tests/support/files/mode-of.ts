import { stat } from 'node:fs/promises';

/** The mode of blobs that hypervisors may only read. */
export const READ_ONLY = 0o640;
/** The mode of blobs that hypervisors write to in place. */
export const WRITABLE = 0o660;

/** Returns the permission bits of a file. */
export async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o7777;
}
