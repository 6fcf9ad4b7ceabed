import { Option, type Command } from 'commander';
import type { CallInput } from '../api/api.ts';
import type { paths } from '../api/v1.d.ts';
import { Groups } from '../find/groups.ts';
import { findPoolNumber } from '../find/pools.ts';
import type { ListedItem } from '../find/items.ts';
import type { JsonOption, Shell } from '../shell.ts';
import { sizeColumn, timeColumn } from '../terminal/columns.ts';
import type { Column } from '../terminal/table.ts';

interface ListOptions extends JsonOption {
  readonly pool?: string;
  readonly type?: string;
  readonly sort: string;
}

type Query = NonNullable<CallInput<paths['/v1/media']['get']>['query']>;

/** Adds `platter ls`. */
export function addLs(program: Command, shell: Shell): void {
  program
    .command('ls [what...]')
    .description('list media: all, those in groups, or those with a text in their names')
    .option('--pool <pool>', 'only in this pool: its number, or its name in the home group')
    .option('--type <type>', 'only of this type, such as ISO or DISK')
    .addOption(
      new Option('--sort <order>', 'the order; - is descending')
        .choices(['created', '-created', 'name', '-name', 'size', '-size'])
        .default('name'),
    )
    .option('--json', 'print the objects of the API as a JSON array')
    .addHelpText('after', '\nExample:\n  platter ls lab/build --sort -size')
    .action(async (wanted: readonly string[], options: ListOptions) => list(shell, wanted, options));
}

async function list(shell: Shell, wanted: readonly string[], options: ListOptions): Promise<void> {
  const api = await shell.api();
  const groups = wanted.length === 0 && options.json === true ? null : await Groups.of(api);
  const shared = {
    sort: options.sort as NonNullable<Query['sort']>,
    ...(options.pool === undefined ? {} : { pool: await findPoolNumber(api, options.pool) }),
    ...(options.type === undefined ? {} : { type: options.type }),
  };
  const items = new Map<string, ListedItem>();
  for (const query of queriesOf(wanted, groups)) {
    for await (const item of api.list('/v1/media', { query: { ...shared, ...query } })) items.set(item.id, item);
  }
  shell.printList(columnsOf(groups), [...items.values()], options);
}

/** What a text names is a group if there is one, else a part of names. */
function queriesOf(wanted: readonly string[], groups: Groups | null): readonly Query[] {
  if (wanted.length === 0 || groups === null) return [{}];
  return wanted.map((text) => {
    const isGroup = groups.matching(text).length > 0 || text.endsWith('/');
    return isGroup ? { group: groups.find(text).id, subtree: 'true' } : { q: text };
  });
}

function columnsOf(groups: Groups | null): readonly Column<ListedItem>[] {
  return [
    { title: 'ID', show: ({ id }) => id.slice(0, 8), exact: ({ id }) => id },
    { title: 'NAME', show: ({ name }) => name },
    { title: 'GROUP', show: ({ group }) => groups?.pathOf(group) ?? String(group) },
    { title: 'POOL', show: ({ pool }) => String(pool) },
    { title: 'TYPE', show: ({ type }) => type },
    { title: 'FORMAT', show: ({ format }) => format ?? '-' },
    sizeColumn('SIZE', ({ size }) => size),
    { title: 'STATE', show: ({ state }) => state },
    timeColumn('CREATED', ({ created_at }) => created_at),
  ];
}
