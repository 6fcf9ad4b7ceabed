import { InvalidArgumentError, type Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import type { Shell } from '../shell.ts';
import { parseDuration } from '../values/durations.ts';
import { parseSize } from '../values/sizes.ts';
import { UploadRun, type UploadTerms } from '../upload/upload-run.ts';

const MAX_PARALLEL = 16;

interface UploadOptions {
  readonly group?: string;
  readonly pool?: string;
  readonly name?: string;
  readonly type?: string;
  readonly readOnly?: true;
  readonly sha256?: string;
  readonly size?: string;
  readonly parallel: number;
  readonly retry: string;
  readonly json?: true;
}

/** Adds `platter upload`. */
export function addUpload(program: Command, shell: Shell): void {
  program
    .command('upload <file...>')
    .description('upload files; an interrupted upload goes on with the same command')
    .option('--group <group>', 'the group of the items (default: your home group)')
    .option('--pool <pool>', 'the pool, by number or name (default: the default pool)')
    .option('--name <name>', 'the name of the item (default: that of the file)')
    .option('--type <type>', 'the type, such as ISO or DISK (default: by the bytes)')
    .option('--read-only', 'make the item read-only (default: for ISO)')
    .option('--sha256 <digest>', 'refuse other bytes than those of this SHA-256')
    .option('--size <size>', 'the exact size of standard input, where - stands for a file')
    .option('--parallel <count>', 'how many files to upload at once', parallelCount, 3)
    .option('--retry <duration>', 'how long to wait for a server that is away', '2m')
    .option('--json', 'print the objects of the API as a JSON array')
    .addHelpText(
      'after',
      `
Prints the id of each item. Ctrl-C leaves an upload where it is for a day.

Examples:
  platter upload debian-12.iso --group lab/build
  zstdcat vm.raw.zst | platter upload - --size 10G --name vm.raw`,
    )
    .action(async (files: readonly string[], options: UploadOptions) => {
      const run = await UploadRun.prepare(shell, termsOf(files, options));
      await run.uploadAll(files);
    });
}

function termsOf(files: readonly string[], options: UploadOptions): UploadTerms {
  const { group, pool, name, type, sha256, size } = options;
  if (files.length > 1 && (name !== undefined || sha256 !== undefined)) {
    throw new CommandFailure('usage', '--name and --sha256 are for one file', 'Upload one file at a time.');
  }
  const readsInput = files.includes('-');
  if (readsInput && (files.length > 1 || name === undefined || size === undefined)) {
    throw new CommandFailure('usage', 'standard input needs a --size and a --name, and no other file beside it');
  }
  if (!readsInput && size !== undefined) throw new CommandFailure('usage', '--size is for standard input');
  if (sha256 !== undefined && !/^[\da-f]{64}$/i.test(sha256)) {
    throw new CommandFailure('usage', '--sha256 is not the 64 hexadecimal digits of a SHA-256');
  }
  return {
    group: group ?? null,
    pool: pool ?? null,
    name: name ?? null,
    type: type ?? null,
    readOnly: options.readOnly === true,
    sha256: sha256?.toLowerCase() ?? null,
    size: size === undefined ? null : parseSize(size),
    parallel: options.parallel,
    patienceSeconds: parseDuration(options.retry),
    json: options.json === true,
  };
}

function parallelCount(text: string): number {
  const count = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MAX_PARALLEL) return count;
  throw new InvalidArgumentError(`It is a number from 1 to ${MAX_PARALLEL}.`);
}
