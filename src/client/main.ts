import { CommanderError } from 'commander';
import { CommandFailure, EXIT } from './command-failure.ts';
import { readEnvironment } from './environment.ts';
import type { OperatorCommand } from './operator-command.ts';
import { userProgram } from './program.ts';
import { Shell } from './shell.ts';

/** Runs a command of a user, and sets the exit code. */
export async function runUserCommand(
  words: readonly string[],
  version: string,
  operatorCommands: readonly OperatorCommand[],
): Promise<void> {
  // The reader of a pipe, such as `head`, may end first.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit();
    });
  }
  const shell = new Shell(readEnvironment());
  try {
    await userProgram(shell, version, operatorCommands).parseAsync(words, { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    if (error instanceof CommanderError) return;
    shell.say(describe(error));
    if (error instanceof CommandFailure && error.reason === 'network' && shell.environment.hasUnusedProxy) {
      shell.say('HTTP_PROXY and HTTPS_PROXY count with NODE_USE_ENV_PROXY=1, for Node 22.21, 24.5 and newer.');
    }
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommandFailure) return EXIT[error.reason];
  // Commander has said what is wrong; help and version are no faults.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  return isInterruptedPrompt(error) ? EXIT.interrupted : EXIT.failed;
}

function describe(error: unknown): string {
  if (isInterruptedPrompt(error)) return 'platter: interrupted';
  if (!(error instanceof Error)) return `platter: ${String(error)}`;
  const advice = error instanceof CommandFailure && error.advice !== null ? `\n${error.advice}` : '';
  return `platter: ${error.message}${advice}`;
}

/** Ctrl-C at a prompt. */
function isInterruptedPrompt(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExitPromptError';
}
