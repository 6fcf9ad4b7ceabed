import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { Groups, homeGroup } from '../find/groups.ts';
import { findPool } from '../find/pools.ts';
import { finishJobs } from '../jobs/finish-jobs.ts';
import type { JsonOption, Shell } from '../shell.ts';
import { parseSize } from '../values/sizes.ts';

interface ImportOptions extends JsonOption {
  readonly sha256?: string;
  readonly checksumUrl?: string;
  readonly group?: string;
  readonly pool?: string;
  readonly name?: string;
  readonly type?: string;
  readonly readOnly?: true;
  readonly size?: string;
  readonly wait?: true;
}

/** Adds `platter import`. */
export function addImport(program: Command, shell: Shell): void {
  program
    .command('import <url>')
    .description('let the server download an item from a URL')
    .option('--sha256 <digest>', 'refuse other bytes than those of this SHA-256')
    .option('--checksum-url <url>', 'refuse other bytes than those that this file of checksums names')
    .option('--group <group>', 'the group of the item (default: your home group)')
    .option('--pool <pool>', 'the pool, by number or name (default: the default pool)')
    .option('--name <name>', 'the name of the item (default: the file name of the URL)')
    .option('--type <type>', 'the type, such as ISO or DISK (default: by the bytes)')
    .option('--read-only', 'make the item read-only (default: for ISO)')
    .option('--size <size>', 'at most this many bytes, where the source does not say how many')
    .option('--wait', 'wait until it is done')
    .option('--json', 'print the object of the API: the job')
    .addHelpText(
      'after',
      `
Prints the id of the item. The server goes on without this command.

Example:
  platter import https://images.example/debian-12.iso --group lab --wait`,
    )
    .action(async (url: string, options: ImportOptions) => order(shell, url, options));
}

async function order(shell: Shell, url: string, options: ImportOptions): Promise<void> {
  const api = await shell.api();
  const { name, type, readOnly, size, sha256, checksumUrl } = options;
  const group = options.group === undefined ? await homeGroup(api) : (await Groups.of(api)).find(options.group).id;
  const begun = await api.call('post', '/v1/imports', {
    headers: { 'idempotency-key': randomUUID() },
    body: {
      url,
      group,
      ...(options.pool === undefined ? {} : { pool: (await findPool(api, group, options.pool)).pool }),
      ...(name === undefined ? {} : { name }),
      ...(type === undefined ? {} : { type }),
      ...(readOnly === undefined ? {} : { read_only: readOnly }),
      ...(sha256 === undefined ? {} : { checksum: `sha256:${sha256}` }),
      ...(checksumUrl === undefined ? {} : { checksum_url: checksumUrl }),
      ...(size === undefined ? {} : { size: parseSize(size) }),
    },
  });
  const [job = begun] =
    options.wait === true ? await finishJobs(shell, api, [begun], () => name ?? fileNameIn(url)) : [];
  if (options.json === true) shell.printJson(job);
  else shell.print(job.media);
}

/** Returns what a bar shows of a URL: its query may be a secret. */
function fileNameIn(url: string): string {
  return (
    url
      .replace(/[?#].*$/s, '')
      .split('/')
      .at(-1) ?? ''
  );
}
