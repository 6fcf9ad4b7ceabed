import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../shared/error-code.ts';

const run = promisify(execFile);
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const PROBE_LIMIT_MS = 30_000;

/** The operating system's user that runs the database server, when it is not our own. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Returns the user that runs the server. PostgreSQL refuses to run as root, so root runs it as the
 * owner of the existing data or, without data, as the user `postgres`, which is added when missing.
 * Any other user runs it itself: null.
 *
 * @throws an Error that says what to do when there is no such user and it cannot be added
 */
export async function serverUser(dataFolder: string): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(dataFolder).catch(() => null);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const present = await lookUp('postgres');
  if (present) return present;
  try {
    await run('useradd', ['--system', '--user-group', 'postgres'], { env: { PATH }, timeout: PROBE_LIMIT_MS });
  } catch (cause) {
    throw new Error(
      'PostgreSQL does not run as root, and a user named postgres could not be added for it. ' +
        'Add that user, start Platter as another user than root, or set DATABASE_URL to a PostgreSQL server of your own.',
      { cause },
    );
  }
  const added = await lookUp('postgres');
  if (!added)
    throw new Error(
      'The user postgres was added, but the system does not find it. Check the name service (nsswitch.conf), or set DATABASE_URL to a PostgreSQL server of your own.',
    );
  return added;
}

async function lookUp(name: string): Promise<ServerUser | null> {
  try {
    const [uid, gid] = await Promise.all([idOf('-u', name), idOf('-g', name)]);
    return { uid, gid };
  } catch {
    return null;
  }
}

async function idOf(which: '-u' | '-g', name: string): Promise<number> {
  const { stdout } = await run('id', [which, name], { env: { PATH }, timeout: PROBE_LIMIT_MS });
  return Number.parseInt(stdout, 10);
}

/**
 * Returns whether the server's user can start a PostgreSQL program with all its libraries, and if
 * not, the system's message.
 */
export async function canRun(program: string, user: ServerUser | null): Promise<{ runs: boolean; reason: string }> {
  try {
    await run(program, ['--version'], { ...(user ?? {}), cwd: '/', env: { PATH }, timeout: PROBE_LIMIT_MS });
    return { runs: true, reason: '' };
  } catch (error) {
    return { runs: false, reason: messageOf(error) };
  }
}

/**
 * Returns the outermost folder on the way to `path`, itself included, that `user` may not enter, or
 * null when there is none. Tests as that user, since modes alone do not decide (access lists,
 * network filesystems).
 */
export async function firstClosedFolder(path: string, user: ServerUser): Promise<string | null> {
  const folders = [path];
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) folders.unshift(dirname(folder));
  const script = 'for folder; do test -x "$folder" || { printf %s "$folder"; exit; }; done';
  const { stdout } = await run('/bin/sh', ['-c', script, 'sh', ...folders], {
    ...user,
    cwd: '/',
    env: { PATH },
    timeout: PROBE_LIMIT_MS,
  });
  return stdout === '' ? null : stdout;
}
