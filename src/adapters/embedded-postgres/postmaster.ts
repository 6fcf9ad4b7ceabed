import { execFile, spawn } from 'node:child_process';
import { open, readFile, readdir, readlink, rm } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { codeOf } from '../shared/error-code.ts';
import type { ServerUser } from './server-user.ts';
import { ENVIRONMENT } from './settings.ts';

const run = promisify(execFile);

/** The main process of a PostgreSQL server on this host. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Resolves when the process is gone; says how it ended, as far as that can be known. */
  readonly exited: Promise<string>;
}

const WATCH_INTERVAL_MS = 250;
const FAST_STOP_LIMIT_MS = 30_000;
const IMMEDIATE_STOP_LIMIT_MS = 15_000;

/**
 * Starts PostgreSQL in a session of its own, so that signals to our process group (Ctrl-C; a
 * supervisor that stops a whole group) leave it alone until we end it. It survives us: its errors
 * go to a file, never into a pipe of ours.
 */
export async function spawnPostmaster(
  program: string,
  flags: string[],
  port: number,
  errorFile: string,
  user: ServerUser | null,
): Promise<Postmaster> {
  const errors = await open(errorFile, 'w', 0o600);
  try {
    const child = spawn(program, flags, {
      ...(user ?? {}),
      cwd: '/',
      env: ENVIRONMENT,
      detached: true,
      stdio: ['ignore', errors.fd, errors.fd],
    });
    const exited = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `ended with code ${code}`));
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) => reject(new Error('PostgreSQL could not be started', { cause })));
    });
    child.unref();
    return { pid: child.pid ?? Number.NaN, port, exited };
  } finally {
    await errors.close();
  }
}

/**
 * The server that runs on `dataFolder` (an absolute path without links), left by an earlier
 * Platter, or null.
 *
 * The note that a dead server left behind stays for PostgreSQL, which learns from it whether
 * children of the dead one still write. Only where its process id belongs to somebody else by now
 * (common in containers, which count from 1 again) or a power cut emptied it, PostgreSQL would
 * refuse to start: then the note goes, once nobody works in the folder.
 */
export async function findPostmaster(dataFolder: string): Promise<Postmaster | null> {
  const noteFile = join(dataFolder, 'postmaster.pid');
  const note = await readFile(noteFile, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (note === null) return null;
  // Process id, data folder, start time, port: one per line.
  const [pid, , , port] = note.split('\n').map((line) => Number.parseInt(line, 10));
  const named = pid !== undefined && pid > 0 && port !== undefined && port > 0;
  if (named && (await runsOn(pid, dataFolder))) return { pid, port, exited: watch(pid, dataFolder) };
  if (platform() === 'linux' && !(named && !isAlive(pid))) {
    await waitForExitOfAll(dataFolder);
    await rm(noteFile, { force: true });
  }
  return null;
}

/**
 * Resolves when no process works in the folder any more. The children of a dead postmaster leave by
 * themselves.
 */
async function waitForExitOfAll(dataFolder: string): Promise<void> {
  const deadline = performance.now() + IMMEDIATE_STOP_LIMIT_MS;
  for (;;) {
    const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const working = await Promise.all(processes.map(async (pid) => runsOn(pid, dataFolder)));
    if (!working.includes(true)) return;
    if (performance.now() > deadline) {
      throw new Error(`Processes of an earlier PostgreSQL still work in ${dataFolder}. End them, then start again.`);
    }
    await delay(WATCH_INTERVAL_MS);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * Whether this process is a PostgreSQL server on this folder, and not another that was given the
 * same number.
 */
async function runsOn(pid: number, dataFolder: string): Promise<boolean> {
  try {
    // A postmaster works inside its folder. A dead one that nobody has waited for has no working
    // folder any more.
    if (platform() === 'linux') return (await readlink(`/proc/${pid}/cwd`)) === dataFolder;
    const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)], { env: ENVIRONMENT });
    return stdout.includes(dataFolder);
  } catch {
    return false;
  }
}

async function watch(pid: number, dataFolder: string): Promise<string> {
  while (await runsOn(pid, dataFolder)) await delay(WATCH_INTERVAL_MS, undefined, { ref: false });
  return 'ended';
}

/**
 * Ends the server: sessions are cut off, everything is written down. Half a minute later it is told
 * to leave without writing (recovery makes up for it at the next start). Throws an Error when it is
 * there even then.
 */
export async function endPostmaster(postmaster: Postmaster): Promise<void> {
  if (await resolvesWithin(postmaster.exited, 0)) return;
  for (const [signal, limit] of [
    ['SIGINT', FAST_STOP_LIMIT_MS],
    ['SIGQUIT', IMMEDIATE_STOP_LIMIT_MS],
  ] as const) {
    send(postmaster.pid, signal);
    if (await resolvesWithin(postmaster.exited, limit)) return;
  }
  throw new Error(`The embedded database (process ${postmaster.pid}) does not stop.`);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

async function resolvesWithin(event: Promise<unknown>, limitMs: number): Promise<boolean> {
  const clock = new AbortController();
  const expired = delay(limitMs, false, { signal: clock.signal }).catch(() => false);
  try {
    return await Promise.race([event.then(() => true), expired]);
  } finally {
    clock.abort();
  }
}
