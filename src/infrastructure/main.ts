#!/usr/bin/env node
import { isOperatorCommand, OPERATOR_COMMANDS } from './operator-commands.ts';
import { programVersion } from './program-version.ts';

// Each loads its own modules: a command of a user starts without those of the service.
const words = process.argv.slice(2);
if (isOperatorCommand(words)) {
  const { runOperatorCommand } = await import('./cli/operator-program.ts');
  await runOperatorCommand(words);
} else {
  const { runUserCommand } = await import('../client/main.ts');
  await runUserCommand(words, programVersion(), OPERATOR_COMMANDS);
}
