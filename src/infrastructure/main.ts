#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { isOperatorCommand, OPERATOR_COMMANDS } from './operator-commands.ts';

// Each loads its own modules: a command of a user starts without those of the service.
const words = process.argv.slice(2);
if (isOperatorCommand(words)) {
  const { runOperatorCommand } = await import('./cli/operator-program.ts');
  await runOperatorCommand(words);
} else {
  const { runUserCommand } = await import('../client/main.ts');
  await runUserCommand(words, await version(), OPERATOR_COMMANDS);
}

async function version(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
