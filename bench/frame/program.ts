import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './bench.ts';

/** Nothing takes this long to start or to end. Milliseconds. */
const PATIENCE = 180_000;
const LOADER = pathToFileURL(join(import.meta.dirname, '..', '..', 'tests', 'support', 'typescript.mjs')).href;

/** A program that runs beside the bench. */
export interface Program {
  readonly pid: number;
  /** Milliseconds from its start to the line that said that it was ready. */
  readonly readyAfter: number;
  /** That line. */
  readonly readyLine: string;
  /** Ends it, and waits until it has ended. Doing it twice is fine. */
  readonly stop: () => Promise<void>;
}

export interface Command {
  readonly command: readonly [string, ...string[]];
  /** All of its environment besides PATH, HOME and TMPDIR. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the line says that tells that it is ready. Without one it is ready at once. */
  readonly ready?: string;
  /**
   * The file that it writes what it says into, so that nobody has to listen while it is measured.
   */
  readonly log: string;
}

/** The command that runs one of our own TypeScript files, named from the folder of the bench. */
export function script(path: string, ...args: readonly string[]): [string, ...string[]] {
  return [process.execPath, '--import', LOADER, join(import.meta.dirname, '..', path), ...args];
}

/** What every program gets of our own environment. */
export function plainEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }) };
}

/** Starts it, and waits until it is ready. It ends with the row at the latest. */
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
  return { pid: child.pid ?? 0, readyAfter: performance.now() - begun, readyLine, stop };
}

async function awaitLine(child: ChildProcess, log: string, wanted: string): Promise<string> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const ended = hasEnded(child);
    const said = await readFile(log, 'utf8');
    const line = said.split('\n').find((text) => text.includes(wanted));
    if (line !== undefined) return line;
    if (ended || performance.now() > deadline) throw new Error(`${child.spawnfile} did not start: ${said}`);
    await delay(2);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
  await ended;
  clearTimeout(timer);
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/**
 * Runs a program to its end with this on its standard input, and answers what it printed. Fails
 * where it fails.
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
