import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Returns the path of the file with the generated password of root. */
export function rootPasswordFile(dataDirectory: string): string {
  return join(dataDirectory, 'root-password');
}

/** Writes the password durably, readable for the owner only. Null removes the file. */
export async function keepRootPassword(dataDirectory: string, password: string | null): Promise<void> {
  const path = rootPasswordFile(dataDirectory);
  await rm(path, { force: true });
  if (password === null) return;
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`${password}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
