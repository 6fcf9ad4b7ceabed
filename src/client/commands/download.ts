import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { contentFacts, type ContentFacts } from '../content/content-facts.ts';
import { exists, PartialFile } from '../content/partial-file.ts';
import { receiveContent, type ReceiveTerms } from '../content/receive-content.ts';
import { findItem } from '../find/items.ts';
import type { Shell } from '../shell.ts';
import { parseDuration } from '../values/durations.ts';
import { printable } from '../values/printable.ts';
import { formatSize } from '../values/sizes.ts';

interface DownloadOptions {
  readonly output?: string;
  readonly force?: true;
  readonly retry: string;
}

/** Adds `platter download`. */
export function addDownload(program: Command, shell: Shell): void {
  program
    .command('download <item>')
    .description('download an item; an interrupted download goes on with the same command')
    .option('-o, --output <file>', 'the file, or - for standard output (default: the name of the item)')
    .option('--force', 'replace an existing file')
    .option('--retry <duration>', 'how long to wait for a server that is away', '2m')
    .addHelpText(
      'after',
      `
The file has its name only once all its bytes are there and have the digest of the item.

Example:
  platter download lab/debian-12.iso -o /var/tmp/debian.iso`,
    )
    .action(async (text: string, options: DownloadOptions) => {
      const api = await shell.api();
      const { id, name } = await findItem(api, text);
      const signal = shell.interruption();
      try {
        const facts = await contentFacts(api, id, signal);
        const terms = { api, media: id, facts, patienceSeconds: parseDuration(options.retry), signal };
        if (options.output === '-') await intoOutput(shell, name, terms);
        else await intoFile(shell, resolve(options.output ?? fileName(name)), terms, options.force === true);
      } catch (error) {
        if (!signal.aborted) throw error;
        const advice = options.output === '-' ? null : 'Run the same command again to go on.';
        throw new CommandFailure('interrupted', 'interrupted', advice, error);
      }
    });
}

type Terms = Omit<ReceiveTerms, 'target' | 'transfer'>;

async function intoFile(shell: Shell, path: string, terms: Terms, force: boolean): Promise<void> {
  if (!force && (await exists(path))) {
    throw new CommandFailure('usage', `${printable(path)} exists`, 'Use --force to replace it, or --output.');
  }
  const { facts } = terms;
  const file = await PartialFile.open(path, versionOf(facts));
  if (file.length > facts.size) await file.clear();
  const transfers = shell.transfers();
  const transfer = transfers.begin(path.slice(path.lastIndexOf('/') + 1), facts.size, file.length);
  try {
    await receiveContent({ ...terms, target: file, transfer });
  } catch (error) {
    await file.close();
    throw error;
  } finally {
    transfer.end();
  }
  await file.finish(facts.sha256);
  const checked = facts.sha256 === null ? ', not verified: the item has no digest' : '';
  shell.say(`${printable(path)}: ${formatSize(facts.size)}${checked}`);
}

/** Bytes on standard output cannot be taken back: a wrong digest is an error at the end. */
async function intoOutput(shell: Shell, name: string, terms: Terms): Promise<void> {
  const { facts } = terms;
  const hash = createHash('sha256');
  const target = {
    length: 0,
    append: async (chunk: Buffer): Promise<void> => {
      hash.update(chunk);
      target.length += chunk.length;
      if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
    },
    clear: async (): Promise<void> =>
      Promise.reject(new CommandFailure('failed', 'the item changed while it was downloaded')),
  };
  const transfer = shell.transfers().begin(name, facts.size);
  try {
    await receiveContent({ ...terms, target, transfer });
  } finally {
    transfer.end();
  }
  if (facts.sha256 !== null && hash.digest('hex') !== facts.sha256) {
    throw new CommandFailure('failed', 'the bytes that arrived do not have the digest of the item', 'Do not use them.');
  }
}

/** An ETag, or else the digest, names the bytes; without both a download begins anew each time. */
function versionOf({ etag, sha256, size }: ContentFacts): string | null {
  return etag ?? (sha256 === null ? null : `${sha256}-${size}`);
}

/** A name of the server must not leave the folder, nor be hidden in it. */
function fileName(name: string): string {
  return printable(name).replaceAll('/', '_').replace(/^\./, '_');
}
