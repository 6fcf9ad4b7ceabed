import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './bench.ts';

/** The time for a start and for a stop. */
const PATIENCE_MS = 180_000;
const LOADER = pathToFileURL(join(import.meta.dirname, '..', '..', 'tests', 'support', 'typescript.mjs')).href;

/** A running program. */
export interface Program {
  readonly pid: number;
  /** The time from its start to the line that it is ready. */
  readonly readyAfterMs: number;
  /** The line that says so. */
  readonly readyLine: string;
  /** Stops it, and resolves when it has ended. Idempotent. */
  readonly stop: () => Promise<void>;
}

export interface Command {
  readonly command: readonly [string, ...string[]];
  /** Its environment besides PATH, HOME and TMPDIR. */
  readonly env?: Readonly<Record<string, string>>;
  /** A part of the line that says that it is ready; without it, it is ready at once. */
  readonly ready?: string;
  /** The file for its output, so that the bench reads no pipe while it measures. */
  readonly log: string;
}

/** Returns the command that runs a TypeScript file of the bench; `path` starts from its folder. */
export function script(path: string, ...args: readonly string[]): [string, ...string[]] {
  return [process.execPath, '--import', LOADER, join(import.meta.dirname, '..', path), ...args];
}

/** Returns the part of the environment that every program gets. */
export function plainEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }) };
}

/** Starts a program, and resolves when it is ready. It is stopped with the row at the latest. */
export async function start(bench: Bench, { command, env = {}, ready, log }: Command): Promise<Program> {
  const output = await open(log, 'w');
  let child: ChildProcess | null = null;
  const stop = async (): Promise<void> => {
    if (child !== null) await end(child);
  };
  bench.afterwards(stop);
  const begun = performance.now();
  child = spawn(command[0], command.slice(1), {
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', output.fd, output.fd],
  });
  await once(child, 'spawn').finally(() => output.close());
  const readyLine = ready === undefined ? '' : await awaitLine(child, log, ready);
  return { pid: child.pid ?? 0, readyAfterMs: performance.now() - begun, readyLine, stop };
}

async function awaitLine(child: ChildProcess, log: string, wanted: string): Promise<string> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const ended = hasEnded(child);
    const output = await readFile(log, 'utf8');
    const line = output.split('\n').find((text) => text.includes(wanted));
    if (line !== undefined) return line;
    if (ended || performance.now() > deadline) throw new Error(`${child.spawnfile} did not start: ${output}`);
    await delay(2);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await ended;
  clearTimeout(timer);
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/**
 * Runs a program to its end with `input` on its standard input. Resolves with its output.
 *
 * @throws Error when it fails
 */
export async function run(command: readonly [string, ...string[]], input: string): Promise<string> {
  const child = spawn(command[0], command.slice(1), { env: plainEnvironment(), stdio: ['pipe', 'pipe', 'pipe'] });
  const printed: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command.join(' ')} failed: ${printed.join('')}`);
  return printed.join('');
}
