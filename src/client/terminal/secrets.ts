import { createInterface } from 'node:readline/promises';
import { CommandFailure } from '../command-failure.ts';

/** A secret to ask for. */
export interface SecretQuestion {
  readonly message: string;
  /** Whether a terminal asks for it twice, since a typing error would lock its user out. */
  readonly isNew?: true;
}

type Answers<Q extends readonly SecretQuestion[]> = { readonly [K in keyof Q]: string };

/**
 * Reads secrets: on a terminal without echo, else from standard input, one line each.
 *
 * @throws usage when standard input has too few lines, or when a new secret is typed differently
 */
export async function askSecrets<const Q extends readonly SecretQuestion[]>(questions: Q): Promise<Answers<Q>> {
  const answers = process.stdin.isTTY ? await typed(questions) : await piped(questions.length);
  return answers as Answers<Q>;
}

async function typed(questions: readonly SecretQuestion[]): Promise<readonly string[]> {
  const { default: password } = await import('@inquirer/password');
  const ask = async (message: string): Promise<string> =>
    password({ message, mask: false }, { output: process.stderr });
  const answers: string[] = [];
  for (const { message, isNew } of questions) {
    const answer = await ask(message);
    if (isNew === true && (await ask('Once more:')) !== answer) {
      throw new CommandFailure('usage', 'you typed two different secrets', 'Nothing has changed. Try again.');
    }
    answers.push(answer);
  }
  return answers;
}

async function piped(count: number): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: process.stdin })) {
    lines.push(line);
    if (lines.length === count) return lines;
  }
  throw new CommandFailure(
    'usage',
    lines.length === 0 ? 'standard input is empty' : `standard input has ${lines.length} of ${count} lines`,
    count === 1 ? 'Write the secret to it as one line.' : 'Write each secret to it as one line.',
  );
}
