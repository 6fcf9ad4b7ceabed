import { spawn as spawnInTerminal } from '@lydell/node-pty';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STUCK_AFTER_MS } from '../support/waiting/stuck-after.ts';
import { until } from '../support/waiting/until.ts';

/** The first file of the built program. */
export const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'infrastructure', 'main.js');

/** The result of a command whose streams are pipes. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly complaints: string;
}

/** A command that runs, with pipes. */
export interface Running {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly complaints: () => string;
  readonly ended: Promise<Ended>;
}

/** A command in a terminal of its own. */
export interface InTerminal {
  /** All that the command has drawn, with escape sequences. */
  readonly drawn: () => string;
  /** All that the command has drawn, without escape sequences. */
  readonly seen: () => string;
  type(text: string): void;
  kill(signal: string): void;
  /** Resolves once the terminal has had this text. */
  sees(text: RegExp): Promise<void>;
  /** The exit code. */
  readonly ended: Promise<number>;
}

/** A user at a machine: a home folder, and the environment of its commands. */
export class Workplace {
  readonly folder: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.#env = env;
  }

  /** Makes a home folder, which is removed after the tests of the file. */
  static async open(env: Readonly<Record<string, string>> = {}): Promise<Workplace> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'platter-cli-')));
    folders.push(folder);
    return new Workplace(folder, env);
  }

  /** Returns the same home folder with other variables. */
  with(env: Readonly<Record<string, string>>): Workplace {
    return new Workplace(this.folder, { ...this.#env, ...env });
  }

  /** Starts a command with pipes, in the home folder. */
  start(words: readonly string[], nodeOptions: readonly string[] = []): Running {
    const child = spawn(process.execPath, [...nodeOptions, MAIN, ...words], {
      cwd: this.folder,
      env: this.#environment(),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    running.add(child);
    let [output, complaints] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    // A command may end before it has read its input.
    child.stdin.on('error', () => undefined);
    const timer = setTimeout(() => child.kill('SIGKILL'), STUCK_AFTER_MS);
    const ended = once(child, 'close').then(() => {
      clearTimeout(timer);
      running.delete(child);
      return { code: child.exitCode, output, complaints };
    });
    return { process: child, output: () => output, complaints: () => complaints, ended };
  }

  /** Runs a command with pipes to its end. */
  async run(words: readonly string[], input = ''): Promise<Ended> {
    const command = this.start(words);
    command.process.stdin?.end(input);
    return command.ended;
  }

  /** Runs a command that has to succeed without a complaint, and returns its output. */
  async output(words: readonly string[]): Promise<string> {
    const { code, output, complaints } = await this.run(words);
    expect([code, complaints]).toEqual([0, '']);
    return output;
  }

  /** Starts a command in a terminal. */
  terminal(words: readonly string[], { columns = 100 } = {}): InTerminal {
    return this.#inTerminal(process.execPath, [MAIN, ...words], columns);
  }

  /** Starts bash in a terminal, with a file of commands that it reads first. */
  bash(startFile: string): InTerminal {
    return this.#inTerminal('bash', ['--noprofile', '--rcfile', startFile, '-i'], 100);
  }

  #inTerminal(program: string, words: readonly string[], columns: number): InTerminal {
    const command = spawnInTerminal(program, [...words], {
      name: 'xterm-256color',
      cols: columns,
      rows: 40,
      cwd: this.folder,
      env: this.#environment(),
    });
    let drawn = '';
    command.onData((text) => (drawn += text));
    const ended = new Promise<number>((resolve) => {
      command.onExit(({ exitCode, signal }) => {
        terminals.delete(command);
        resolve(exitCode === 0 && signal !== undefined && signal !== 0 ? 128 + signal : exitCode);
      });
    });
    terminals.add(command);
    const seen = (): string => withoutEscapes(drawn);
    return {
      drawn: () => drawn,
      seen,
      type: (text) => command.write(text),
      kill: (signal) => command.kill(signal),
      sees: async (text) => {
        await until(`${text.source} in the terminal`, () => text.test(seen()));
      },
      ended,
    };
  }

  #environment(): Record<string, string> {
    const { PATH = '' } = process.env;
    return { PATH, HOME: this.folder, TERM: 'xterm-256color', ...this.#env };
  }
}

const folders: string[] = [];
const running = new Set<ChildProcess>();
const terminals = new Set<{ kill(signal?: string): void }>();

function withoutEscapes(drawn: string): string {
  // eslint would rather have no control characters in a literal.
  const escape = String.fromCharCode(27);
  return drawn.replace(new RegExp(`${escape}\\[[\\d;?]*[A-Za-z]|\\r(?=\\n)`, 'g'), '');
}

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  for (const terminal of terminals) terminal.kill('SIGKILL');
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});
