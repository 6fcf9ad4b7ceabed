import type { Command } from 'commander';
import type { Api, Item } from '../api/api.ts';
import { findById } from '../find/by-id.ts';
import { Groups } from '../find/groups.ts';
import type { JsonOption, Shell } from '../shell.ts';
import { sizeColumn, timeColumn } from '../terminal/columns.ts';
import { confirm, type YesOption } from '../terminal/confirm.ts';
import type { Column } from '../terminal/table.ts';
import { printable } from '../values/printable.ts';

type Trashed = Item<'/v1/trash'>;

interface GroupOption {
  readonly group?: string;
}

interface EmptyOptions extends GroupOption, YesOption {}

/** Adds `platter trash`. */
export function addTrash(program: Command, shell: Shell): void {
  const trash = program
    .command('trash')
    .description('list, restore and delete what is in the trash')
    .helpCommand(false)
    .addHelpText('after', '\nWithout a command it lists them.\n\nExample:\n  platter trash restore old.iso');
  trash
    .command('ls', { isDefault: true })
    .description('list the items in the trash, and until when they are kept')
    .option('--group <group>', 'only of this group and those below')
    .option('--json', 'print the objects of the API as a JSON array')
    .addHelpText('after', '\nExample:\n  platter trash ls --group lab')
    .action(async (options: GroupOption & JsonOption) => list(shell, options));
  trash
    .command('restore <item>')
    .description('take an item out of the trash, by name, id or a unique beginning of the id')
    .option('--name <name>', 'give it another name, where its own is taken')
    .addHelpText('after', '\nExample:\n  platter trash restore old.iso --name older.iso')
    .action(async (text: string, options: { readonly name?: string }) => restore(shell, text, options.name));
  trash
    .command('empty')
    .description('delete all that is in the trash for good')
    .option('--group <group>', 'only of this group and those below')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  platter trash empty --group lab')
    .action(async (options: EmptyOptions) => empty(shell, options));
}

type Scope = Readonly<{ group?: string; subtree?: 'true' }>;

async function scopeOf(api: Api, { group }: GroupOption): Promise<Scope> {
  if (group === undefined) return {};
  return { group: String((await Groups.of(api)).find(group).id), subtree: 'true' };
}

async function list(shell: Shell, options: GroupOption & JsonOption): Promise<void> {
  const api = await shell.api();
  const items = await api.all('/v1/trash', { query: { sort: '-trashed', ...(await scopeOf(api, options)) } });
  const groups = options.json === true ? new Groups([]) : await Groups.of(api);
  shell.printList(columnsOf(groups), items, options);
}

async function restore(shell: Shell, text: string, name: string | undefined): Promise<void> {
  const api = await shell.api();
  const item = findById(await api.all('/v1/trash'), text, {
    missing: 'the trash has no item',
    several: 'items',
    advice: 'Run "platter trash".',
    nameOf: (one) => one.name,
    describe: (one) => `${one.name}, trashed ${one.trashed_at}`,
  });
  await api.call('post', '/v1/trash/{media}/restore', {
    path: { media: item.id },
    body: name === undefined ? {} : { name },
  });
  shell.say(`Restored ${printable(name ?? item.name)} (${item.id}).`);
}

async function empty(shell: Shell, options: EmptyOptions): Promise<void> {
  const api = await shell.api();
  const query = await scopeOf(api, options);
  // Who may not empty it is refused before the question.
  const { deleted: count } = await api.call('delete', '/v1/trash', { query: { ...query, dry_run: 'true' } });
  if (count === 0) {
    shell.say('The trash is empty.');
    return;
  }
  await confirm(`Delete ${itemCount(count)} in the trash for good?`, options);
  const { deleted } = await api.call('delete', '/v1/trash', { query });
  shell.say(`Deleted ${itemCount(deleted)} for good.`);
}

function itemCount(count: number): string {
  return count === 1 ? '1 item' : `${count} items`;
}

function columnsOf(groups: Groups): readonly Column<Trashed>[] {
  return [
    { title: 'ID', show: ({ id }) => id.slice(0, 8), exact: ({ id }) => id },
    { title: 'NAME', show: ({ name }) => name },
    { title: 'GROUP', show: ({ group }) => groups.pathOf(group) },
    { title: 'POOL', show: ({ pool }) => String(pool) },
    sizeColumn('SIZE', ({ size }) => size),
    timeColumn('TRASHED', ({ trashed_at }) => trashed_at),
    timeColumn('KEPT UNTIL', ({ expires_at }) => expires_at),
  ];
}
