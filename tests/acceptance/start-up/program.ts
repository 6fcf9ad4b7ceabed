import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LogLine } from '../../support/program/platter-checks.ts';
import { until } from '../../support/waiting/until.ts';

/** The end of a program: its exit code, or null after a signal. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Launch {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Its standard input. */
  readonly input?: string;
  /** Whether standard output must contain log lines only. */
  readonly logsOnly: boolean;
  /** The secrets that must not be in its output; read when it has ended. */
  readonly secrets: () => Promise<readonly string[]>;
}

const ROOT = join(import.meta.dirname, '..', '..', '..');
export const MAIN = join(ROOT, 'dist', 'infrastructure', 'main.js');

const READY = 'Platter is ready';

const running = new Set<Program>();

/** The built program, observed by its output, signals and exit. */
export class Program {
  /** The log lines of standard output. */
  readonly log: LogLine[] = [];
  /** Its standard error. */
  complaints = '';
  /** The lines of standard output that are not log lines. */
  readonly strayLines: string[] = [];
  readonly #process: ChildProcess;
  readonly #secrets: Launch['secrets'];
  readonly #logsOnly: boolean;
  readonly #end: Promise<End>;

  /** Starts it in its own process group. */
  constructor({ command, env, input, logsOnly, secrets }: Launch) {
    const [program, ...args] = command;
    this.#process = spawn(program!, args, { cwd: ROOT, env, detached: true, stdio: 'pipe' });
    this.#secrets = secrets;
    this.#logsOnly = logsOnly;
    const { stdin, stdout, stderr } = this.#process;
    createInterface(stdout!).on('line', (line) => this.#add(line));
    stderr!.setEncoding('utf8').on('data', (text: string) => (this.complaints += text));
    stdin!.on('error', () => undefined).end(input);
    running.add(this);
    this.#end = once(this.#process, 'close').then((end) => {
      running.delete(this);
      const [code, signal] = end as [number | null, NodeJS.Signals | null];
      return { code, signal };
    });
  }

  get pid(): number {
    return this.#process.pid!;
  }

  get hasEnded(): boolean {
    return !running.has(this);
  }

  /** Whether it is ready. */
  get isReady(): boolean {
    return this.log.some(({ msg }) => msg === READY);
  }

  /** Resolves with its URL when it is ready. Fails when it ends instead. */
  async ready(): Promise<string> {
    const { port } = await this.logged(READY);
    return `http://127.0.0.1:${String(port)}`;
  }

  /** Resolves with the first log line with this message. */
  async logged(message: string): Promise<LogLine> {
    return until(`it logs "${message}"`, () => {
      const line = this.log.find(({ msg }) => msg === message);
      if (line === undefined && this.hasEnded) throw new Error(`It ended without "${message}": ${this.complaints}`);
      return line;
    });
  }

  /** Sends the signal to its process group, as a terminal does. */
  signalGroup(name: NodeJS.Signals): void {
    process.kill(-this.pid, name);
  }

  /** Sends the signal to the process only. */
  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  /** Resolves when it has ended. Fails if its output contains a secret or an unexpected line. */
  async ended(): Promise<End> {
    const end = await this.#end;
    const output = [this.complaints, ...this.strayLines, JSON.stringify(this.log)].join('\n');
    expect((await this.#secrets()).filter((secret) => output.includes(secret))).toEqual([]);
    if (this.#logsOnly) expect(this.strayLines.filter((line) => line !== '' && !line.startsWith('> '))).toEqual([]);
    return end;
  }

  /** Sends SIGTERM, as a supervisor does. Fails unless it exits with 0. */
  async stop(): Promise<void> {
    this.signal('SIGTERM');
    expect(await this.ended()).toEqual({ code: 0, signal: null });
  }

  /** Adds a line to the log, or to the stray lines, in which npm names its command. */
  #add(line: string): void {
    try {
      this.log.push(JSON.parse(line) as LogLine);
    } catch {
      this.strayLines.push(line);
    }
  }
}

/** Kills the programs that a failed test left running. */
export async function killAll(): Promise<void> {
  const left = [...running];
  for (const program of left) program.signalGroup('SIGKILL');
  await until('all programs have ended', () => left.every((program) => program.hasEnded));
}
