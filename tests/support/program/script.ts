import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** A script that runs as a process of its own and reports by lines. */
export interface Script {
  readonly pid: number;
  /** The next line that it prints. Fails, with what it complained about, when it ends first. */
  line(): Promise<string>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<void>;
}

const started = new Set<{ kill(signal: NodeJS.Signals): boolean }>();
const registration = pathToFileURL(join(import.meta.dirname, '..', 'typescript.mjs')).href;

/**
 * Starts a TypeScript file as a process, in a process group of its own. Whatever still runs when
 * the tests of a file are through is killed.
 */
export function startScript(path: string, ...args: readonly string[]): Script {
  const child = spawn(process.execPath, ['--import', registration, path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  started.add(child);
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = once(child, 'close').then(() => started.delete(child));
  return {
    pid: child.pid!,
    async line() {
      const next = await lines.next();
      if (next.done) throw new Error(`The script ended: ${complaint}`);
      return next.value;
    },
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
}

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});
