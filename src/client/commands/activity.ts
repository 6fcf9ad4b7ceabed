import { InvalidArgumentError, type Command } from 'commander';
import type { Api, CallInput, Item } from '../api/api.ts';
import type { paths } from '../api/v1.d.ts';
import { Groups } from '../find/groups.ts';
import { findItem, isUuid } from '../find/items.ts';
import { findPoolNumber } from '../find/pools.ts';
import { findUser } from '../find/users.ts';
import type { JsonOption, Shell } from '../shell.ts';
import { timeColumn } from '../terminal/columns.ts';
import type { Column } from '../terminal/table.ts';
import { parseTime } from '../values/times.ts';

interface ActivityOptions extends JsonOption {
  readonly group?: string;
  readonly user?: string;
  readonly pool?: string;
  readonly media?: string;
  readonly action?: string;
  readonly result?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
}

type Event = Item<'/v1/audit'>;
type Query = NonNullable<CallInput<paths['/v1/audit']['get']>['query']>;

const DEFAULT_LIMIT = 50;
const MAX_PAGE = 500;
const SUBJECTS = ['media', 'user', 'group', 'pool', 'server', 'tag'] as const;

const COLUMNS: readonly Column<Event>[] = [
  timeColumn('TIME', ({ at }) => at),
  { title: 'ACTION', show: ({ action }) => action },
  { title: 'RESULT', show: ({ result }) => result },
  { title: 'BY', show: ({ by }) => by?.name ?? String(by?.id ?? '-'), exact: ({ by }) => String(by?.id ?? '-') },
  { title: 'ABOUT', show: (event) => subjectsOf(event, nameOrId), exact: (event) => subjectsOf(event, idOf) },
  { title: 'THROUGH', show: ({ channel }) => channel },
  { title: 'ADDRESS', show: ({ address }) => address ?? '-' },
];

/** Adds `platter activity`. */
export function addActivity(program: Command, shell: Shell): void {
  program
    .command('activity')
    .description('list what was done and what was refused, newest first: by or about you')
    .option('--group <group>', 'of this very group, by all users')
    .option('--user <user>', 'by or about this user')
    .option('--pool <pool>', 'in this pool: its number, or its name in the home group')
    .option('--media <item>', 'about this item; the whole id of one that is gone')
    .option('--action <action>', 'of this kind, such as media.remove')
    .option('--result <result>', 'with this result: done, refused, or the code of an error')
    .option('--since <time>', 'from this time on, such as 2026-01-31, or 2h for two hours ago')
    .option('--until <time>', 'before this time')
    .option('--limit <count>', 'at most this many', eventCount, DEFAULT_LIMIT)
    .option('--json', 'print the objects of the API as a JSON array')
    .addHelpText('after', '\nExample:\n  platter activity --group lab --result refused --since 7d')
    .action(async (options: ActivityOptions) => list(shell, options));
}

async function list(shell: Shell, options: ActivityOptions): Promise<void> {
  const api = await shell.api();
  const events: Event[] = [];
  const query = { ...(await queryOf(api, options)), limit: String(Math.min(options.limit, MAX_PAGE)) };
  for await (const event of api.list('/v1/audit', { query })) {
    events.push(event);
    if (events.length === options.limit) break;
  }
  shell.printList(COLUMNS, events, options);
}

async function queryOf(api: Api, options: ActivityOptions): Promise<Query> {
  const { group, user, pool, media, action, result, since, until } = options;
  const now = new Date();
  return {
    ...(group === undefined ? {} : { group: (await Groups.of(api)).find(group).id }),
    ...(user === undefined ? {} : { user: await findUser(api, user) }),
    ...(pool === undefined ? {} : { pool: await findPoolNumber(api, pool) }),
    ...(media === undefined ? {} : { media: isUuid(media) ? media : (await findItem(api, media)).id }),
    ...(action === undefined ? {} : { action }),
    ...(result === undefined ? {} : { result }),
    ...(since === undefined ? {} : { since: parseTime(since, now) }),
    ...(until === undefined ? {} : { until: parseTime(until, now) }),
  };
}

function eventCount(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a number from 1 to 999999.');
}

type Subject = NonNullable<Event[(typeof SUBJECTS)[number]]>;

function subjectsOf(event: Event, textOf: (subject: Subject) => string): string {
  const texts = SUBJECTS.flatMap((kind) => {
    const subject = event[kind];
    return subject === null ? [] : [`${kind} ${textOf(subject)}`];
  });
  return texts.length === 0 ? '-' : texts.join(', ');
}

function nameOrId({ id, name }: Subject): string {
  return name ?? String(id);
}

function idOf({ id }: Subject): string {
  return String(id);
}
