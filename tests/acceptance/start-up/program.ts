import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LogLine } from '../../support/program/platter-checks.ts';
import { until } from '../../support/waiting/until.ts';

/** How a program ended: its exit code, or null where a signal ended it. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Launch {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** What it reads from its standard input. */
  readonly input?: string;
  /** Whether nothing but lines of the log belongs on its standard output. */
  readonly logsOnly: boolean;
  /** What it must never say. Asked when it has ended. */
  readonly secrets: () => Promise<readonly string[]>;
}

const ROOT = join(import.meta.dirname, '..', '..', '..');
export const MAIN = join(ROOT, 'dist', 'infrastructure', 'main.js');

const READY = 'Platter is ready';

const running = new Set<Program>();

/**
 * The built program as an operator meets it: by what it says, the signals it gets and how it ends.
 */
export class Program {
  /** What it logged on standard output. */
  readonly log: LogLine[] = [];
  /** What it wrote to standard error. */
  complaints = '';
  /** Everything on standard output that is no line of the log. */
  readonly strayLines: string[] = [];
  readonly #process: ChildProcess;
  readonly #secrets: Launch['secrets'];
  readonly #logsOnly: boolean;
  readonly #end: Promise<End>;

  /** Starts it in a process group of its own. */
  constructor({ command, env, input, logsOnly, secrets }: Launch) {
    const [program, ...args] = command;
    this.#process = spawn(program!, args, { cwd: ROOT, env, detached: true, stdio: 'pipe' });
    this.#secrets = secrets;
    this.#logsOnly = logsOnly;
    const { stdin, stdout, stderr } = this.#process;
    createInterface(stdout!).on('line', (line) => this.#take(line));
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

  /** Whether it has begun to serve. */
  get isReady(): boolean {
    return this.log.some(({ msg }) => msg === READY);
  }

  /** Resolves with its address once it serves. Fails when it ends instead. */
  async ready(): Promise<string> {
    const { port } = await this.logged(READY);
    return `http://127.0.0.1:${String(port)}`;
  }

  /** The first line of the log with this message, once it is there. */
  async logged(message: string): Promise<LogLine> {
    return until(`it logs "${message}"`, () => {
      const line = this.log.find(({ msg }) => msg === message);
      if (line === undefined && this.hasEnded) throw new Error(`It ended without "${message}": ${this.complaints}`);
      return line;
    });
  }

  /** Sends the signal to its whole process group, as a terminal does. */
  signalGroup(name: NodeJS.Signals): void {
    process.kill(-this.pid, name);
  }

  /** Sends the signal to itself alone. */
  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  /**
   * Resolves when it has ended, whatever ended it. Fails where it said a secret, or wrote what is
   * no line of a log.
   */
  async ended(): Promise<End> {
    const end = await this.#end;
    const said = [this.complaints, ...this.strayLines, JSON.stringify(this.log)].join('\n');
    expect((await this.#secrets()).filter((secret) => said.includes(secret))).toEqual([]);
    if (this.#logsOnly) expect(this.strayLines.filter((line) => line !== '' && !line.startsWith('> '))).toEqual([]);
    return end;
  }

  /** Ends it as a supervisor does, and fails unless it ends in good order. */
  async stop(): Promise<void> {
    this.signal('SIGTERM');
    expect(await this.ended()).toEqual({ code: 0, signal: null });
  }

  /** npm, where it stands between, says in stray lines what it runs. */
  #take(line: string): void {
    try {
      this.log.push(JSON.parse(line) as LogLine);
    } catch {
      this.strayLines.push(line);
    }
  }
}

/** Ends whatever a test that failed left running. */
export async function killAll(): Promise<void> {
  const left = [...running];
  for (const program of left) program.signalGroup('SIGKILL');
  await until('everything has ended', () => left.every((program) => program.hasEnded));
}
