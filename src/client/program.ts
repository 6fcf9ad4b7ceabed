import { Command } from 'commander';
import { addActivity } from './commands/activity.ts';
import { addAssign } from './commands/assign.ts';
import { addClone } from './commands/clone.ts';
import { addCompletion } from './commands/completion.ts';
import { addDownload } from './commands/download.ts';
import { addGrant } from './commands/grant.ts';
import { addGroup } from './commands/group.ts';
import { addImport } from './commands/import.ts';
import { addJobs } from './commands/jobs.ts';
import { addLink } from './commands/link.ts';
import { addLogin } from './commands/login.ts';
import { addLs } from './commands/ls.ts';
import { addRm } from './commands/rm.ts';
import { addShow } from './commands/show.ts';
import { addToken } from './commands/token.ts';
import { addTrash } from './commands/trash.ts';
import { addUpload } from './commands/upload.ts';
import { addUploads } from './commands/uploads.ts';
import { addUser } from './commands/user.ts';
import { EXIT } from './command-failure.ts';
import type { OperatorCommand } from './operator-command.ts';
import type { Shell } from './shell.ts';

/** Returns the program with all commands of users. */
export function userProgram(shell: Shell, version: string, operatorCommands: readonly OperatorCommand[]): Command {
  const program = new Command('platter')
    .description('Stores and serves disk images: a client for any Platter, and the service itself')
    .version(version)
    .option('--profile <name>', 'use the login of this profile')
    .helpCommand(false)
    .exitOverride()
    .addHelpText('after', () => operatorHelp(operatorCommands))
    .on('option:profile', (name: string) => {
      shell.profile = name;
    });
  program.commandsGroup('Login:');
  addLogin(program, shell);
  addToken(program, shell);
  program.commandsGroup('Media:');
  addLs(program, shell);
  addShow(program, shell);
  addUpload(program, shell);
  addDownload(program, shell);
  addUploads(program, shell);
  addLink(program, shell);
  addImport(program, shell);
  addClone(program, shell);
  addRm(program, shell);
  addTrash(program, shell);
  addJobs(program, shell);
  program.commandsGroup('Groups and users:');
  addGroup(program, shell);
  addUser(program, shell);
  addGrant(program, shell);
  addAssign(program, shell);
  addActivity(program, shell);
  program.commandsGroup('Shell:');
  addCompletion(program, shell, operatorCommands);
  // Of the program, so that a fault of the usage has one exit code everywhere.
  for (const command of commandsBelow(program)) command.exitOverride();
  return program;
}

/** Returns all commands of a program, at any depth. */
export function commandsBelow(command: Command): readonly Command[] {
  return command.commands.flatMap((one) => [one, ...commandsBelow(one)]);
}

function operatorHelp(commands: readonly OperatorCommand[]): string {
  const width = Math.max(...commands.map(([words]) => words.length));
  const lines = commands.map(([words, description]) => `  ${words.padEnd(width)}  ${description}`);
  const codes = Object.entries(EXIT).map(([reason, code]) => `${code} ${EXIT_WORDS[reason as keyof typeof EXIT]}`);
  return `
Commands of the operator, on the machine of the service:
${lines.join('\n')}

"platter serve --help" lists the settings of the service.
Exit codes: 0 done, ${codes.join(', ')}.
PLATTER_URL and PLATTER_TOKEN work without a login.`;
}

const EXIT_WORDS: Readonly<Record<keyof typeof EXIT, string>> = {
  failed: 'failed',
  usage: 'wrong usage',
  notFound: 'not found',
  noRights: 'no rights',
  noSpace: 'quota or space',
  network: 'network',
  interrupted: 'interrupted',
};
