import type { Command } from 'commander';
import { Groups } from '../find/groups.ts';
import type { JsonOption, Shell } from '../shell.ts';
import { printable } from '../values/printable.ts';
import { addGroupAccess } from './group-access.ts';
import { groupColumns } from './group-columns.ts';
import { addGroupRm } from './group-rm.ts';

interface AddOptions extends JsonOption {
  readonly parent?: string;
}

/** Adds `platter group`. */
export function addGroup(program: Command, shell: Shell): void {
  const group = program
    .command('group')
    .description('list and change groups')
    .helpCommand(false)
    .addHelpText('after', '\nExample:\n  platter group add lab/build');
  group
    .command('ls [group]')
    .description('list the groups that you see, or a group with all below it')
    .option('--json', 'print the objects of the API as a JSON array')
    .addHelpText('after', '\nExample:\n  platter group ls lab')
    .action(async (text: string | undefined, options: JsonOption) => {
      const groups = await Groups.of(await shell.api());
      const listed = text === undefined ? groups.sorted() : groups.below(groups.find(text).id);
      shell.printList(groupColumns(groups), listed, options);
    });
  group
    .command('add <path>')
    .description('create a group, below the group that its path names')
    .option('--parent <group>', 'create it below this group; then the path is its whole name')
    .option('--json', 'print the object of the API')
    .addHelpText('after', '\nPrints the number of the group.\n\nExample:\n  platter group add lab/build')
    .action(async (path: string, options: AddOptions) => add(shell, path, options));
  group
    .command('rename <group> <name>')
    .description('give a group another name')
    .option('--json', 'print the object of the API')
    .addHelpText('after', '\nExample:\n  platter group rename lab/build workshop')
    .action(async (text: string, name: string, options: JsonOption) => rename(shell, text, name, options));
  addGroupRm(group, shell);
  addGroupAccess(group, shell);
}

async function add(shell: Shell, path: string, options: AddOptions): Promise<void> {
  const api = await shell.api();
  const groups = await Groups.of(api);
  const at = options.parent === undefined ? path.lastIndexOf('/') : -1;
  const parent = groups.find(options.parent ?? (at <= 0 ? '/' : path.slice(0, at)));
  const group = await api.call('post', '/v1/groups', { body: { name: path.slice(at + 1), parent: parent.id } });
  if (options.json === true) shell.printJson(group);
  else shell.print(String(group.id));
}

async function rename(shell: Shell, text: string, name: string, { json }: JsonOption): Promise<void> {
  const api = await shell.api();
  const groups = await Groups.of(api);
  const { id } = groups.find(text);
  const group = await api.call('patch', '/v1/groups/{group}', { path: { group: id }, body: { name } });
  if (json === true) shell.printJson(group);
  else shell.say(`Group ${printable(groups.pathOf(id))} is called ${printable(group.name)} now.`);
}
