import { CommandFailure } from '../command-failure.ts';

/** The option `--yes`. */
export interface YesOption {
  readonly yes?: true;
}

/**
 * Asks a question that a terminal has to answer with yes; `--yes` answers it beforehand.
 *
 * @throws usage where no terminal can answer; failed for no
 */
export async function confirm(question: string, { yes }: YesOption): Promise<void> {
  if (yes === true) return;
  if (!process.stdin.isTTY) {
    throw new CommandFailure('usage', `not confirmed: ${question}`, 'Use --yes where no terminal can answer.');
  }
  const { default: ask } = await import('@inquirer/confirm');
  if (await ask({ message: question, default: false }, { output: process.stderr })) return;
  throw new CommandFailure('failed', 'not confirmed', 'Nothing has changed.');
}
