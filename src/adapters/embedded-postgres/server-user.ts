import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../shared/error-code.ts';

const run = promisify(execFile);
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const PROBE_LIMIT_MS = 30_000;

/** The operating system's user that the database server runs as, where that is not our own. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root. So root runs it as the user that owns the existing data or,
 * where there is none, as the user `postgres`, who is made when missing. Anybody else runs it as
 * themselves: null.
 *
 * Throws an Error that says what to do when there is no such user and it can't be made.
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
  if (!added) throw new Error('The user postgres was added, but the system does not know it.');
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
 * Whether the server's user can start a PostgreSQL program with all its libraries, and if not, what
 * the system says.
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
 * The outermost folder on the way to `path`, itself included, that `user` may not enter; null when
 * the way is open. Asks the kernel as that user, since modes alone don't tell (access lists,
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
