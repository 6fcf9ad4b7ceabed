import type { Command } from 'commander';
import type { AddOptions } from './library.ts';

/** Adds the options of `platter library add`, one for each key of the library file. */
export function withLibraryOptions(command: Command): Command {
  return command
    .requiredOption('--name <text>', 'its name')
    .option('--media <kind>', 'cdrom or disk (default: cdrom for *.iso, else disk)')
    .option('--sha256 <digest>', 'the SHA-256 of its bytes; without it the file is read twice')
    .option('--os <text>', 'its operating system, or the one that it is for')
    .option('--arch <text>', 'the word size of its processor: 32, 64 or another text')
    .option('--distribution <text>', 'the distribution of the operating system')
    .option('--release <text>', 'the version of that distribution')
    .option('--category <text>', 'a category; may be repeated', appended, [])
    .option('--image-type <text>', 'its use, such as install or preinst')
    .option('--description <text>', 'its description')
    .option('--install-notes <text>', 'notes for its users')
    .option('--paid', 'mark it as paid software')
    .option('--favourite', 'mark it as a favourite')
    .option('--url <url>', 'a page with more about it')
    .option('--default-user <text>', 'the user to sign in as')
    .option('--meta <key=value>', 'a further key and value; may be repeated', appended, [])
    .option('--licence <name=amount>', 'a licence that it needs; may be repeated', appended, [])
    .option('--uuid <uuid>', 'its uuid')
    .option('--pool <number>', 'its pool (default: the default pool)');
}

/** Maps the values that commander parsed to the keys of the library file. */
export function optionsOf(parsed: Readonly<Record<string, unknown>>): AddOptions {
  const { release, imageType, installNotes, defaultUser, meta, licence, category, pool, ...rest } = parsed;
  const pairs = {
    ...rest,
    version: release,
    image_type: imageType,
    install_notes: installNotes,
    default_user: defaultUser,
    category: filled(category as readonly string[]),
    meta: filledObject((meta as readonly string[]).map(splitAtEquals)),
    licences: filled((licence as readonly string[]).map(needOf)),
    pool: typeof pool === 'string' ? Number(pool) : undefined,
  };
  return Object.fromEntries(Object.entries(pairs).filter(([, value]) => value !== undefined));
}

function appended(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function splitAtEquals(pair: string): readonly [key: string, value: string] {
  const at = pair.indexOf('=');
  return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

function needOf(pair: string): { readonly licence: string; readonly amount: number } {
  const [licence, amount] = splitAtEquals(pair);
  return { licence, amount: amount === '' ? 1 : Number(amount) };
}

function filled<T>(values: readonly T[]): readonly T[] | undefined {
  return values.length === 0 ? undefined : values;
}

function filledObject(pairs: readonly (readonly [string, string])[]): Readonly<Record<string, string>> | undefined {
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}
