import type { Command } from 'commander';
import { Groups } from '../find/groups.ts';
import { findItem, type ItemDetails } from '../find/items.ts';
import type { Shell } from '../shell.ts';
import { factLines, type Fact } from '../terminal/facts.ts';
import { formatSize } from '../values/sizes.ts';

/** Adds `platter show`. */
export function addShow(program: Command, shell: Shell): void {
  program
    .command('show <item>')
    .description('show all facts of an item')
    .option('--json', 'print the object of the API')
    .addHelpText('after', '\nExample:\n  platter show lab/debian-12.iso')
    .action(async (text: string, options: { readonly json?: true }) => {
      const api = await shell.api();
      const item = await findItem(api, text);
      if (options.json === true) shell.printJson(item);
      else shell.print(factsOf(item, await Groups.of(api)));
    });
}

/** Returns a line for each fact that is known. */
function factsOf(item: ItemDetails, groups: Groups): string {
  const { origin, used_by: usedBy } = item;
  const facts: readonly Fact[] = [
    ['Id', item.id],
    ['Name', item.name],
    ['Group', groups.pathOf(item.group)],
    ['Pool', String(item.pool)],
    ['Type', item.type],
    ['State', item.state],
    ['Size', bytes(item.size)],
    ['Stored', item.stored_bytes === null ? null : bytes(item.stored_bytes)],
    ['Format', item.format],
    ['Virtual size', item.virtual_size === null ? null : bytes(item.virtual_size)],
    ['Volume label', item.volume_label],
    ['Encrypted', item.encrypted === true ? 'yes' : null],
    ['Read-only', item.read_only ? 'yes' : 'no'],
    ['Protected', item.protected ? 'yes' : 'no'],
    ['SHA-256', item.sha256],
    ['Description', item.description],
    ['Tags', item.tags.length === 0 ? null : item.tags.map(({ name }) => name).join(', ')],
    ['Origin', origin.kind === null ? null : [origin.kind, origin.media ?? origin.url].filter(isText).join(' of ')],
    [
      'Created',
      [item.created_at, item.created_by === null ? null : `by ${item.created_by.name}`].filter(isText).join(' '),
    ],
    ['Used by', usedBy.count === 0 ? null : `${usedBy.count} servers`],
    ['Clones', item.clones.length === 0 ? null : item.clones.join(', ')],
    ['Verified', item.verified_at],
    ['Damaged', item.damaged ? 'yes: the last check found other bytes' : null],
  ];
  return factLines(facts);
}

function bytes(count: number): string {
  return count < 1024 ? `${count} bytes` : `${formatSize(count)} (${count} bytes)`;
}

function isText(value: string | null): value is string {
  return value !== null;
}
