import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandFailure } from './command-failure.ts';

/** A login that is kept. */
export interface Profile {
  readonly url: string;
  readonly token: string;
  /** The id of the token, when the login made it. */
  readonly tokenId: string | null;
  readonly user: string;
}

export const DEFAULT_PROFILE = 'default';

const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

interface ConfigFile {
  readonly profiles: Readonly<Record<string, Profile>>;
}

/**
 * Returns the profile of that name, or null.
 *
 * @throws usage when the file cannot be read
 */
export async function readProfile(path: string, name: string): Promise<Profile | null> {
  const { profiles } = await readConfigFile(path);
  return Object.hasOwn(profiles, name) ? (profiles[name] ?? null) : null;
}

/** Keeps a profile in a file that only its owner can read. A reader sees the old or new file. */
export async function keepProfile(path: string, name: string, profile: Profile): Promise<void> {
  const { profiles } = await readConfigFile(path);
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
  const written = join(folder, `.config.json.${process.pid}`);
  const text = `${JSON.stringify({ profiles: { ...profiles, [name]: profile } }, null, 2)}\n`;
  try {
    await writeFile(written, text, { mode: PRIVATE_FILE });
    await chmod(written, PRIVATE_FILE);
    await rename(written, path);
  } finally {
    await rm(written, { force: true });
  }
}

async function readConfigFile(path: string): Promise<ConfigFile> {
  try {
    const { profiles } = JSON.parse(await readFile(path, 'utf8')) as Partial<ConfigFile>;
    return { profiles: profiles ?? {} };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { profiles: {} };
    throw new CommandFailure('usage', `${path} cannot be read`, 'Repair or remove the file, and log in again.', error);
  }
}
