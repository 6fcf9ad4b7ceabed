import type { Command } from 'commander';
import type { Item } from '../api/api.ts';
import { findById } from '../find/by-id.ts';
import { findItem } from '../find/items.ts';
import type { JsonOption, Shell } from '../shell.ts';
import { sizeColumn, timeColumn } from '../terminal/columns.ts';
import type { Column } from '../terminal/table.ts';
import { parseDuration } from '../values/durations.ts';

type Link = Item<'/v1/media/{media}/links'>;

interface NewOptions extends JsonOption {
  readonly expires: string;
  readonly network: readonly string[];
  readonly note?: string;
}

const COLUMNS: readonly Column<Link>[] = [
  { title: 'ID', show: ({ id }) => id.slice(0, 8), exact: ({ id }) => id },
  { title: 'NOTE', show: ({ note }) => (note === '' ? '-' : note) },
  { title: 'NETWORKS', show: ({ networks }) => (networks.length === 0 ? '-' : networks.join(', ')) },
  timeColumn('EXPIRES', ({ expires_at }) => expires_at),
  timeColumn('LAST USED', ({ last_used_at }) => last_used_at),
  sizeColumn('SERVED', ({ bytes_served }) => bytes_served),
];

/** Adds `platter link`. */
export function addLink(program: Command, shell: Shell): void {
  const link = program
    .command('link')
    .description('let machines that cannot log in read an item by a URL')
    .helpCommand(false)
    .addHelpText(
      'after',
      '\n"platter link ITEM" creates one: anyone who has its URL can read the item.\n\nExample:\n  platter link lab/debian-12.iso --expires 2h',
    );
  link
    .command('new <item>', { isDefault: true })
    .description('create a link, and print its URL; it cannot be printed again')
    .option('--expires <duration>', 'how long it is valid', '2h')
    .option('--network <cidr>', 'only for clients in this network; may be repeated', collect, [])
    .option('--note <text>', 'what it is for')
    .option('--json', 'print the object of the API')
    .addHelpText('after', '\nExample:\n  platter link new lab/debian-12.iso --network 10.0.0.0/8 --note "rack 7"')
    .action(async (text: string, options: NewOptions) => create(shell, text, options));
  link
    .command('ls <item>')
    .description('list the links of an item')
    .option('--json', 'print the objects of the API as a JSON array')
    .addHelpText('after', '\nExample:\n  platter link ls lab/debian-12.iso')
    .action(async (text: string, options: JsonOption) => {
      const api = await shell.api();
      const { id: media } = await findItem(api, text);
      shell.printList(COLUMNS, await api.all('/v1/media/{media}/links', { path: { media } }), options);
    });
  link
    .command('rm <item> <link>')
    .description('delete a link, by its id, a unique beginning of it, or its note')
    .addHelpText('after', '\nExample:\n  platter link rm lab/debian-12.iso "rack 7"')
    .action(async (text: string, which: string) => remove(shell, text, which));
}

async function create(shell: Shell, text: string, options: NewOptions): Promise<void> {
  const expiresIn = parseDuration(options.expires);
  const api = await shell.api();
  const { id: media } = await findItem(api, text);
  const link = await api.call('post', '/v1/media/{media}/links', {
    path: { media },
    body: {
      expires_in: expiresIn,
      networks: [...options.network],
      ...(options.note === undefined ? {} : { note: options.note }),
    },
  });
  if (options.json === true) shell.printJson(link);
  else shell.print(new URL(link.url, api.server.url).href);
}

async function remove(shell: Shell, text: string, which: string): Promise<void> {
  const api = await shell.api();
  const { id: media } = await findItem(api, text);
  const { id: link } = findById(await api.all('/v1/media/{media}/links', { path: { media } }), which, {
    missing: 'the item has no link',
    several: 'links',
    advice: 'Run "platter link ls ITEM".',
    nameOf: ({ note }) => (note === '' ? null : note),
    describe: ({ note, created_at }) => `${note}, created ${created_at}`,
  });
  await api.call('delete', '/v1/media/{media}/links/{link}', { path: { media, link } });
  shell.say(`Link ${link} is deleted.`);
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
