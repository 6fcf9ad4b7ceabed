import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Step } from './document.ts';
import { STUCK_AFTER_MS } from '../../support/waiting/stuck-after.ts';

/** Separates the outputs of the steps. No command prints this. */
const MARK = '\u001e';

/** The exit code, the output of each step, and an empty text at the end. */
export interface StepsResult {
  readonly code: unknown;
  readonly outputs: readonly string[];
  readonly complaints: string;
}

/** Runs the steps in order in one shell. Stops at the first that fails. */
export async function runSteps(steps: readonly Step[], cwd: string, settings: NodeJS.ProcessEnv): Promise<StepsResult> {
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
 * Replaces ids, keys and times, which differ each time, and the digest, which differs for a smaller
 * image.
 */
export function withoutRandomValues(output: string): string {
  return output
    .trim()
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>')
    .replace(/"sha256":"[0-9a-f]{64}"/g, '"sha256":"<sha256>"')
    .replace(/"authkey":"[\w-]{43}"/g, '"authkey":"<authkey>"')
    .replace(/"expires":\d{10}\b/g, '"expires":<time>');
}
