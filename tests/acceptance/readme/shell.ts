import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Step } from './document.ts';

/** What the commands of a document did. */
export interface Played {
  readonly code: number | null;
  /** What each step printed; and what came after the last, which is nothing. */
  readonly outputs: readonly string[];
  readonly complaints: string;
}

/** The longest that a document may take, so that nothing it waits for is waited for without end. Milliseconds. */
const LONGEST_PLAY = 240_000;

/** Between the steps, so that each can be told what it printed. No command prints this. */
const MARK = '\u001e';

/** Plays the commands of a document one after the other in one shell, as a person would, and stops at the first that fails. */
export async function play(steps: readonly Step[], cwd: string, env: NodeJS.ProcessEnv): Promise<Played> {
  const script = steps.map(({ commands }) => `${commands}printf '\\036'\n`).join('');
  const shell = spawn('bash', ['-c', `set -euo pipefail\n${script}`], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_PLAY,
  });
  let [output, complaints] = ['', ''];
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const [code] = (await once(shell, 'close')) as [number | null];
  return { code, outputs: output.split(MARK), complaints };
}
