import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { reportOf } from '../../application/library/library-fault.ts';
import type { LibraryEntry } from '../../domain/library/library-drive.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { Log } from '../../application/ports/log.ts';
import { Repeat } from '../../adapters/timer/repeat.ts';
import type { Config } from '../config/config.ts';
import type { CommandUseCases } from '../composition/command-use-cases.ts';
import { joinDepot } from '../server/depot.ts';
import { entryFrom, libraryEntry, type DeclaredEntry } from '../config/library-entry.ts';
import { say } from './examination-output.ts';
import { Progress } from './progress.ts';
import { sha256Of } from './sha256.ts';
import { withUseCases } from './with-use-cases.ts';

/** Renewals in the lifetime of a lease. */
const RENEWALS_PER_LEASE = 3;

/**
 * Applies the library file, and prints what changed.
 *
 * @throws Error for the operator that names each entry that could not be applied
 */
export async function syncLibrary(config: Config, log: Log, stop: AbortSignal): Promise<void> {
  const { library } = config;
  if (library === null) throw new Error('PLATTER_LIBRARY_FILE is not set: set it to the library file');
  await withPools(config, log, async (use) => {
    const { watch } = new Progress();
    const { published, updated, unchanged, withdrawn, faults } = await use.syncLibrary.run(library, watch, stop);
    say(`${published} published, ${updated} updated, ${unchanged} unchanged, ${withdrawn} withdrawn`);
    const reasons = faults.map(({ name, reason }) => `${name}: ${reason}`);
    if (reasons.length > 0) throw new Error(`not everything is as declared:\n${reasons.join('\n')}`);
  });
}

/** The options of `platter library add` under the keys of the library file. */
export type AddOptions = Readonly<Record<string, unknown>>;

/** Publishes one file, and prints its entry for the library file. */
export async function addToLibrary(
  config: Config,
  log: Log,
  file: string,
  options: AddOptions,
  stop: AbortSignal,
): Promise<void> {
  const path = resolve(file);
  const progress = new Progress();
  const sha256 = options.sha256 ?? (await sha256Of(path, (moved, size) => progress.show('reading', moved, size), stop));
  const media = options.media ?? (/\.iso$/i.test(path) ? 'cdrom' : 'disk');
  const declared = parsed({ ...options, media, sha256 });
  const pool = config.pools.find(({ id, isDefault }) =>
    declared.pool === undefined ? isDefault : id === declared.pool,
  );
  if (pool === undefined) throw new Error(`pool: there is no pool ${String(declared.pool)}`);
  const entry = entryFrom(declared, { kind: 'file', path }, pool);
  await withPools(config, log, async (use) => {
    const id = await add(use, entry, progress, stop);
    if (config.library !== null) say('# Add this to the library file, or the next start withdraws it again:');
    say(stringify([{ ...options, media, sha256, uuid: id, file: path }]).trimEnd());
  });
}

/** Prints one line per drive in the library. */
export async function listLibrary(config: Config, log: Log): Promise<void> {
  const depot = await joinDepot(config, log);
  await withUseCases(depot, { config, log, channel: 'command' }, async ({ listLibrary }) => {
    const { items } = await listLibrary.run(null, { conditions: [], limit: null, offset: 0 });
    for (const { id, type, size, facts } of items) {
      say([id, type === 'ISO' ? 'cdrom' : 'disk', size, facts.name].join('\t'));
    }
  });
}

async function add(
  { addToLibrary }: CommandUseCases,
  entry: LibraryEntry,
  { watch }: Progress,
  stop: AbortSignal,
): Promise<MediaId> {
  try {
    return await addToLibrary.run(entry, watch, stop);
  } catch (cause) {
    throw new Error(reportOf(entry.facts.name, cause).reason, { cause });
  }
}

function parsed(options: AddOptions): DeclaredEntry {
  const { success, data, error } = libraryEntry.safeParse(options);
  if (success) return data;
  throw new Error(error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('\n'));
}

/** As `withUseCases`, for commands that write to pools: claims the pools and renews the leases. */
async function withPools(config: Config, log: Log, run: (use: CommandUseCases) => Promise<void>): Promise<void> {
  const depot = await joinDepot(config, log);
  await withUseCases(depot, { config, log, channel: 'command' }, async (use) => {
    await use.preparePools.run();
    // No other chore of the upkeep: a job, for example, would be started only to be stopped again.
    const every = (config.leaseSeconds * 1000) / RENEWALS_PER_LEASE;
    const renewing = new Repeat('renewing leases', every, async () => use.leases.renew(), log);
    renewing.start();
    try {
      await run(use);
    } finally {
      await renewing.stop();
    }
  });
}
