import type { Command } from 'commander';
import type { AddOptions } from './library.ts';

/** The options of `platter library add`: each fact that the library file has a word for. */
export function withLibraryOptions(command: Command): Command {
  return command
    .requiredOption('--name <text>', 'its name')
    .option('--media <kind>', 'cdrom or disk (default: cdrom for *.iso, else disk)')
    .option('--sha256 <digest>', 'what its bytes must have; without it they are read twice')
    .option('--os <text>', 'the operating system on it, or that it is for')
    .option('--arch <text>', 'how many bits the processor has that it is for')
    .option('--distribution <text>', 'the distribution of the operating system')
    .option('--release <text>', 'the version of it')
    .option('--category <text>', 'what it is for; may be repeated', added, [])
    .option('--image-type <text>', 'how it is used, such as install or preinst')
    .option('--description <text>', 'what it is')
    .option('--install-notes <text>', 'what whoever uses it should know')
    .option('--paid', 'it has to be paid for')
    .option('--favourite', 'it is marked as a favourite')
    .option('--url <url>', 'where there is more about it')
    .option('--default-user <text>', 'who may sign in to what is installed on it')
    .option('--meta <key=value>', 'whatever else there is to say; may be repeated', added, [])
    .option('--licence <name=amount>', 'a licence that it needs; may be repeated', added, [])
    .option('--uuid <uuid>', 'its uuid')
    .option('--pool <number>', 'the pool that it goes to (default: the default pool)');
}

/** What was told, by the names that the library file has for it. */
export function optionsOf(told: Readonly<Record<string, unknown>>): AddOptions {
  const { release, imageType, installNotes, defaultUser, meta, licence, category, pool, ...rest } = told;
  const pairs = {
    ...rest,
    version: release,
    image_type: imageType,
    install_notes: installNotes,
    default_user: defaultUser,
    category: filled(category as readonly string[]),
    meta: filledObject((meta as readonly string[]).map(splitAtCommas)),
    licences: filled((licence as readonly string[]).map(needOf)),
    pool: typeof pool === 'string' ? Number(pool) : undefined,
  };
  return Object.fromEntries(Object.entries(pairs).filter(([, value]) => value !== undefined));
}

function added(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function splitAtCommas(pair: string): readonly [key: string, value: string] {
  const at = pair.indexOf('=');
  return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

function needOf(pair: string): { readonly licence: string; readonly amount: number } {
  const [licence, amount] = splitAtCommas(pair);
  return { licence, amount: amount === '' ? 1 : Number(amount) };
}

function filled<T>(values: readonly T[]): readonly T[] | undefined {
  return values.length === 0 ? undefined : values;
}

function filledObject(pairs: readonly (readonly [string, string])[]): Readonly<Record<string, string>> | undefined {
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}
