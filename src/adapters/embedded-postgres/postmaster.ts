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
  /** Resolves when the process has exited, to how it ended as far as that is known. */
  readonly exited: Promise<string>;
}

const WATCH_INTERVAL_MS = 250;
const FAST_STOP_LIMIT_MS = 30_000;
const IMMEDIATE_STOP_LIMIT_MS = 15_000;

/**
 * Starts PostgreSQL in its own session, so that signals to our process group (Ctrl-C, a supervisor
 * that stops the group) do not reach it. It survives us, so its errors go to a file, never into a
 * pipe of ours.
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
      child.once('error', (cause) => reject(new Error(`PostgreSQL could not be started (${program})`, { cause })));
    });
    child.unref();
    return { pid: child.pid ?? Number.NaN, port, exited };
  } finally {
    await errors.close();
  }
}

/**
 * Returns the server that an earlier Platter left running on `dataFolder` (an absolute path without
 * links), or null.
 *
 * A dead server's PID file stays, since PostgreSQL learns from it whether children of the dead
 * server still write. Only when its process id belongs to another process by now (common in
 * containers, which count from 1 again) or a power cut emptied it would PostgreSQL refuse to start.
 * Then the file is deleted once no process works in the folder.
 */
export async function findPostmaster(dataFolder: string): Promise<Postmaster | null> {
  const pidFile = join(dataFolder, 'postmaster.pid');
  const pidText = await readFile(pidFile, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (pidText === null) return null;
  // Process id, data folder, start time, port: one per line.
  const [pid, , , port] = pidText.split('\n').map((line) => Number.parseInt(line, 10));
  const named = pid !== undefined && pid > 0 && port !== undefined && port > 0;
  if (named && (await runsOn(pid, dataFolder))) return { pid, port, exited: watch(pid, dataFolder) };
  if (platform() === 'linux' && !(named && !isAlive(pid))) {
    await waitForExitOfAll(dataFolder);
    await rm(pidFile, { force: true });
  }
  return null;
}

/**
 * Resolves when no process works in the folder any more. The children of a dead postmaster exit
 * without being asked.
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
 * Returns whether this process is a PostgreSQL server on this folder, and not another process with
 * a reused id.
 */
async function runsOn(pid: number, dataFolder: string): Promise<boolean> {
  try {
    // The working folder of a postmaster is its data folder. A dead, not yet reaped one has none.
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
 * Shuts the server down: first cleanly, after half a minute without writing a checkpoint (the next
 * start recovers).
 *
 * @throws an Error when it still runs after that
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
  throw new Error(
    `The embedded database (process ${postmaster.pid}) does not stop. End that process, then start Platter again.`,
  );
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
