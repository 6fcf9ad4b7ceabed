import { ApiProblem } from '../api/problem.ts';
import type { Api, Item, Output } from '../api/api.ts';
import type { paths } from '../api/v1.d.ts';
import { CommandFailure } from '../command-failure.ts';
import { printable } from '../values/printable.ts';
import { Groups } from './groups.ts';

export type ListedItem = Item<'/v1/media'>;
/** An item with all facts. */
export type ItemDetails = Output<paths['/v1/media/{media}']['get']>;

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** The beginning of a uuid, of at least four digits. */
const PREFIX = /^[\da-f]{4}[\da-f-]{0,31}$/i;
/** The API searches names by at least this many characters. */
const MIN_SEARCH = 3;
/** An id cannot be searched by its beginning, so this many items are looked through. */
const MAX_LOOKED_THROUGH = 10_000;

/**
 * Finds the item that a text means: a uuid, a beginning of one that only one item has, a name, or
 * a group and a name with a slash between.
 *
 * @throws notFound without such an item; usage with several, which the message lists
 */
export async function findItem(api: Api, text: string): Promise<ItemDetails> {
  if (isUuid(text)) return itemOf(api, text.toLowerCase());
  const found = new Map<string, ListedItem>();
  for (const item of await named(api, text)) found.set(item.id, item);
  if (PREFIX.test(text)) for (const item of await beginning(api, text.toLowerCase())) found.set(item.id, item);
  const groups = text.includes('/') || found.size > 1 ? await Groups.of(api) : null;
  if (groups !== null) for (const item of await inGroup(api, groups, text)) found.set(item.id, item);
  const [item] = found.values();
  if (item === undefined) {
    throw new CommandFailure('notFound', `there is no item "${printable(text)}"`, 'Run "platter ls".');
  }
  if (found.size === 1) return itemOf(api, item.id);
  const pathOf = (group: number): string => groups?.pathOf(group).replace(/^\/$/, '') ?? '';
  const candidates = [...found.values()].map(
    ({ id, name, group, pool }) => `  ${id}  ${printable(`${pathOf(group)}/${name}`)} (pool ${pool})`,
  );
  throw new CommandFailure(
    'usage',
    `"${printable(text)}" means several items:\n${candidates.join('\n')}`,
    'Use more of the id, or group/name.',
  );
}

/** Returns whether a text is a whole uuid. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

async function itemOf(api: Api, media: string): Promise<ItemDetails> {
  try {
    return await api.call('get', '/v1/media/{media}', { path: { media } });
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'media-not-found') throw error;
    throw new CommandFailure('notFound', `there is no item ${media}`, 'Run "platter ls".', error);
  }
}

async function named(api: Api, name: string, group?: number): Promise<readonly ListedItem[]> {
  const search = name.length < MIN_SEARCH ? {} : { q: name };
  return collect(api, { ...search, ...(group === undefined ? {} : { group }) }, (item) => item.name === name);
}

async function beginning(api: Api, prefix: string): Promise<readonly ListedItem[]> {
  return collect(api, {}, ({ id }) => id.startsWith(prefix));
}

/** `lab/build/disk.iso` may be `build/disk.iso` in `lab`: names may have slashes too. */
async function inGroup(api: Api, groups: Groups, text: string): Promise<readonly ListedItem[]> {
  const slashes = [...text.matchAll(/\//g)].map(({ index }) => index);
  const found = slashes.flatMap((at) =>
    groups.matching(at === 0 ? '/' : text.slice(0, at)).map(async ({ id }) => named(api, text.slice(at + 1), id)),
  );
  return (await Promise.all(found)).flat();
}

async function collect(
  api: Api,
  query: Readonly<{ q?: string; group?: number }>,
  fits: (item: ListedItem) => boolean,
): Promise<readonly ListedItem[]> {
  const found: ListedItem[] = [];
  let seen = 0;
  for await (const item of api.list('/v1/media', { query })) {
    if (fits(item)) found.push(item);
    seen += 1;
    if (seen < MAX_LOOKED_THROUGH || found.length > 0) continue;
    throw new CommandFailure('notFound', `none of ${seen} items fits; there are more`, 'Use the whole id or name.');
  }
  return found;
}
