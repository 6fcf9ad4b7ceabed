import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** A script in a process of its own that reports by lines. */
export interface Script {
  readonly pid: number;
  /**
   * Resolves to the next line of output. Rejects with the error output if the script ends first.
   */
  line(): Promise<string>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<void>;
}

const started = new Set<{ kill(signal: NodeJS.Signals): boolean }>();
const registration = pathToFileURL(join(import.meta.dirname, '..', 'typescript.mjs')).href;

/**
 * Starts a TypeScript file in a process group of its own. It is killed after the tests of a file if
 * it still runs.
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
