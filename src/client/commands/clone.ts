import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Api } from '../api/api.ts';
import { Groups } from '../find/groups.ts';
import { findItem } from '../find/items.ts';
import { findPool } from '../find/pools.ts';
import { finishJobs } from '../jobs/finish-jobs.ts';
import type { JsonOption, Shell } from '../shell.ts';
import { parseSize } from '../values/sizes.ts';

interface CloneOptions extends JsonOption {
  readonly name?: string;
  readonly size?: string;
  readonly group?: string;
  readonly pool?: string;
  readonly wait?: true;
}

/** Adds `platter clone`. */
export function addClone(program: Command, shell: Shell): void {
  program
    .command('clone <item>')
    .description('create an item with the bytes of another one')
    .option('--name <name>', 'the name of the clone (default: "copy of" and that of the item)')
    .option('--size <size>', 'a larger size')
    .option('--group <group>', 'the group of the clone (default: that of the item)')
    .option('--pool <pool>', 'the pool, by number or name (default: that of the item)')
    .option('--wait', 'wait until it is done')
    .option('--json', 'print the object of the API: the job')
    .addHelpText(
      'after',
      '\nPrints the id of the clone.\n\nExample:\n  platter clone lab/debian-12.img --name web-1.img --size 20G --wait',
    )
    .action(async (text: string, options: CloneOptions) => clone(shell, text, options));
}

async function clone(shell: Shell, text: string, options: CloneOptions): Promise<void> {
  const api = await shell.api();
  const item = await findItem(api, text);
  const name = options.name ?? `copy of ${item.name}`;
  const begun = await api.call('post', '/v1/media/{media}/clone', {
    path: { media: item.id },
    headers: { 'idempotency-key': randomUUID() },
    body: { name, ...(await destinationOf(api, item.group, options)) },
  });
  const [job = begun] = options.wait === true ? await finishJobs(shell, api, [begun], () => name) : [];
  if (options.json === true) shell.printJson(job);
  else shell.print(job.media);
}

async function destinationOf(
  api: Api,
  home: number,
  options: CloneOptions,
): Promise<{ group?: number; pool?: number; size?: number }> {
  const group = options.group === undefined ? home : (await Groups.of(api)).find(options.group).id;
  return {
    ...(options.group === undefined ? {} : { group }),
    ...(options.pool === undefined ? {} : { pool: (await findPool(api, group, options.pool)).pool }),
    ...(options.size === undefined ? {} : { size: parseSize(options.size) }),
  };
}
