import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Step } from './document.ts';
import { STUCK_AFTER_MS } from '../../support/waiting/patience.ts';

/** Between the steps, so that each can be told what it printed. No command prints this. */
const MARK = '\u001e';

/** What a walk came to: what each step printed, and an empty text at the end. */
export interface Walk {
  readonly code: unknown;
  readonly outputs: readonly string[];
  readonly complaints: string;
}

/**
 * Does the steps, one after the other, in one shell, as a person would, and stops at the first that
 * fails.
 */
export async function walk(steps: readonly Step[], cwd: string, settings: NodeJS.ProcessEnv): Promise<Walk> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ...settings };
  const script = steps.map(({ commands }) => `${commands}printf '\\036'\n`).join('');
  const shell = spawn('bash', ['-c', `set -euo pipefail\n${script}`], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: STUCK_AFTER_MS,
  });
  let [output, complaints] = ['', ''];
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const [code] = (await once(shell, 'close')) as [number | null];
  return { code, outputs: output.split(MARK), complaints };
}

/**
 * Ids, keys and times are others each time, and the digest that of a smaller image; their form is
 * not.
 */
export function withoutChance(output: string): string {
  return output
    .trim()
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>')
    .replace(/"sha256":"[0-9a-f]{64}"/g, '"sha256":"<sha256>"')
    .replace(/"authkey":"[\w-]{43}"/g, '"authkey":"<authkey>"')
    .replace(/"expires":\d{10}\b/g, '"expires":<time>');
}
