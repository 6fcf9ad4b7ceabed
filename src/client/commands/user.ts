import type { Command } from 'commander';
import type { Item, Output } from '../api/api.ts';
import type { PlanOption } from '../api/dry-run.ts';
import { passwordApi } from '../api/password-api.ts';
import type { paths } from '../api/v1.d.ts';
import { Groups } from '../find/groups.ts';
import { findUser } from '../find/users.ts';
import type { JsonOption, Shell } from '../shell.ts';
import { confirm, type YesOption } from '../terminal/confirm.ts';
import { factLines } from '../terminal/facts.ts';
import { askSecrets } from '../terminal/secrets.ts';
import type { Column } from '../terminal/table.ts';
import { printable } from '../values/printable.ts';

type UserDetails = Output<paths['/v1/users/{user}']['get']>;

const COLUMNS: readonly Column<Item<'/v1/users'>>[] = [
  { title: 'ID', show: ({ id }) => String(id), align: 'right' },
  { title: 'NAME', show: ({ name }) => name },
];

/** Adds `platter user`. */
export function addUser(program: Command, shell: Shell): void {
  const user = program
    .command('user')
    .description('list and change users')
    .helpCommand(false)
    .addHelpText('after', '\nExample:\n  platter user add hopper');
  user
    .command('ls')
    .description('list all users')
    .option('--json', 'print the objects of the API as a JSON array')
    .addHelpText('after', '\nExample:\n  platter user ls')
    .action(async (options: JsonOption) => {
      const api = await shell.api();
      shell.printList(COLUMNS, await api.all('/v1/users'), options);
    });
  user
    .command('show [user]')
    .description('show a user, by name or number, with its permissions (default: yourself)')
    .option('--json', 'print the object of the API')
    .addHelpText('after', '\nExample:\n  platter user show hopper')
    .action(async (text: string | undefined, options: JsonOption) => show(shell, text ?? null, options));
  user
    .command('add <name>')
    .description('create a user; asks for its password, or reads it as a line of standard input')
    .option('--json', 'print the object of the API')
    .addHelpText(
      'after',
      '\nPrints the number of the user, who is in no group yet.\n\nExample:\n  platter user add hopper',
    )
    .action(async (name: string, options: JsonOption) => add(shell, name, options));
  user
    .command('home <user> <group>')
    .description('set the home group of a user: that of commands without --group')
    .addHelpText('after', '\nExample:\n  platter user home hopper lab/build')
    .action(async (text: string, group: string) => setHome(shell, text, group));
  user
    .command('rm <user...>')
    .description('delete users with their permissions and tokens; their media stay')
    .option('--plan', 'check whether it is possible, and change nothing')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  platter user rm hopper')
    .action(async (texts: readonly string[], options: PlanOption & YesOption) => remove(shell, texts, options));
  user
    .command('password')
    .description('change your own password; asks for the current one and the new one')
    .addHelpText(
      'after',
      `
Where standard input is no terminal, its first line is the current password, and its second line the
new one. API tokens stay. Operators set the password of a user with "platter user password <name>"
on the machine of the service.

Example:
  platter user password`,
    )
    .action(async () => changePassword(shell));
}

async function show(shell: Shell, text: string | null, { json }: JsonOption): Promise<void> {
  const api = await shell.api();
  const details =
    text === null
      ? await api.call('get', '/v1/session')
      : await api.call('get', '/v1/users/{user}', { path: { user: String(await findUser(api, text)) } });
  if (json === true) shell.printJson(details);
  else shell.print(factLines(factsOf(details, await Groups.of(api))));
}

function factsOf({ id, name, home, groups }: UserDetails, visible: Groups): readonly (readonly [string, string])[] {
  return [
    ['Id', String(id)],
    ['Name', name],
    ['Home group', home === null ? '-' : visible.pathOf(home)],
    ...groups
      .filter(({ permissions }) => permissions.length > 0)
      .map((group) => ['May', `${group.permissions.join(', ')} in ${visible.pathOf(group.id)}`] as const),
  ];
}

async function add(shell: Shell, name: string, { json }: JsonOption): Promise<void> {
  const api = await shell.api();
  const [password] = await askSecrets([{ message: `Password of the new user ${printable(name)}:`, isNew: true }]);
  const user = await api.call('post', '/v1/users', { body: { name, password } });
  if (json === true) shell.printJson(user);
  else shell.print(String(user.id));
}

async function setHome(shell: Shell, text: string, group: string): Promise<void> {
  const api = await shell.api();
  const groups = await Groups.of(api);
  const { id: home } = groups.find(group);
  await api.call('patch', '/v1/users/{user}', { path: { user: String(await findUser(api, text)) }, body: { home } });
  shell.say(`The home group of ${printable(text)} is ${printable(groups.pathOf(home))} now.`);
}

async function remove(shell: Shell, texts: readonly string[], options: PlanOption & YesOption): Promise<void> {
  const api = await shell.api();
  const users = new Map<number, string>();
  for (const text of texts) users.set(await findUser(api, text), printable(text));
  const names = `${users.size === 1 ? 'user' : 'users'} ${[...users.values()].join(', ')}`;
  // What is refused is refused before the question.
  for (const user of users.keys()) {
    await api.call('delete', '/v1/users/{user}', { path: { user }, query: { dry_run: 'true' } });
  }
  if (options.plan === true) {
    shell.say(`This would delete ${names}.`);
    return;
  }
  await confirm(`Delete ${names}?`, options);
  for (const [user, name] of users) {
    await api.call('delete', '/v1/users/{user}', { path: { user } });
    shell.say(`Deleted user ${name}.`);
  }
}

async function changePassword(shell: Shell): Promise<void> {
  const api = await shell.api();
  const { name } = await api.call('get', '/v1/session');
  const [current, password] = await askSecrets([
    { message: `Current password of ${printable(name)}:` },
    { message: 'New password:', isNew: true },
  ]);
  // No token changes a password.
  const login = passwordApi(api.server.url, name, current);
  await login.call('put', '/v1/users/me/password', { body: { current, password } });
  shell.say(`The password of ${printable(name)} is changed. Sessions and authkeys ended; API tokens stay.`);
}
