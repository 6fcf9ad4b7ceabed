import { z } from 'zod';
import type { KeysetPage, KeysetPosition, KeysetTerms } from '../../../domain/shared/keyset.ts';
import { RequestError } from '../shared/request-error.ts';
import type { Call, Reply } from './call.ts';
import { tagged } from './entity-tags.ts';
import { flag } from './input.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;
const LIMIT = `must be a whole number from 1 to ${MAX_LIMIT}`;

/** Values that lists are sorted by; a time has microseconds (ISO 8601 in UTC). */
const VALUES = {
  time: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
  text: z.string().refine((text) => text.isWellFormed() && !text.includes('\0')),
  number: z.int().min(0),
} as const;

const IDS = { uuid: z.guid(), number: z.string().regex(/^\d{1,18}$/) } as const;

/** The orders of a list: the type of each sort key, and the type of the ids. */
export interface ListOrders<Sort extends string> {
  readonly sorts: Readonly<Record<Sort, keyof typeof VALUES>>;
  readonly id: keyof typeof IDS;
  readonly defaultSort: Sort | `-${Sort}`;
}

/** The fields of the query of every list. */
export interface ListQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort: string;
  readonly total?: boolean | undefined;
}

/**
 * Returns the fields of the query of a list (docs/api.md#lists), for a strict object that may have
 * filters too.
 */
export function listFields<Sort extends string>({
  sorts,
  defaultSort,
}: ListOrders<Sort>): typeof PAGE_FIELDS & {
  readonly sort: z.ZodDefault<z.ZodEnum<Record<string, string>>>;
} {
  const names = Object.keys(sorts).flatMap((name) => [name, `-${name}`]);
  const sort = z.enum(Object.fromEntries(names.map((name) => [name, name])));
  return { ...PAGE_FIELDS, sort: sort.default(defaultSort).meta({ description: 'The order; `-` is descending.' }) };
}

const PAGE_FIELDS = {
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, LIMIT)
    .transform(Number)
    .refine((limit) => limit <= MAX_LIMIT, LIMIT)
    .default(DEFAULT_LIMIT)
    .meta({ description: `How many items a page has at most, up to ${MAX_LIMIT}.` }),
  cursor: z.string().max(4096).optional().meta({ description: 'The `next_cursor` of the page before.' }),
  total: flag.optional().meta({ description: 'Counts the whole list, up to 10,000 items.' }),
};

/**
 * Returns the terms of a page.
 *
 * @throws RequestError `malformed` for a cursor that is not of this list in this order
 */
export function keysetTerms<Sort extends string>(
  orders: ListOrders<Sort>,
  { limit, cursor, sort, total = false }: ListQuery,
): KeysetTerms<Sort> {
  const key = sort.replace(/^-/, '') as Sort;
  const after = cursor === undefined ? null : positionIn(cursor, sort, VALUES[orders.sorts[key]], IDS[orders.id]);
  return { limit, sort: key, isDescending: sort.startsWith('-'), after, counts: total };
}

/** Answers a page of a list: 304 to a client that has it. */
export function listed<T>(
  call: Pick<Call, 'request'>,
  { sort }: Pick<ListQuery, 'sort'>,
  { items, last, total }: KeysetPage<T>,
  present: (item: T) => object,
  more: object = {},
): Reply {
  return tagged(call, {
    items: items.map(present),
    next_cursor: last === null ? null : cursorOf(sort, last),
    ...(total === null ? {} : { total }),
    ...more,
  });
}

/** Returns the schema of a page of a list. */
export function pageResponse(item: z.ZodType): z.ZodType {
  return z.object({
    items: z.array(item),
    next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
    total: z.int().optional().meta({ description: 'Only with `?total=true`; at most 10,000.' }),
  });
}

function cursorOf(sort: string, { value, id }: KeysetPosition): string {
  return Buffer.from(JSON.stringify([sort, value, id])).toString('base64url');
}

function positionIn(
  cursor: string,
  sort: string,
  value: z.ZodType<string | number>,
  id: z.ZodType<string>,
): KeysetPosition {
  const { data } = z.tuple([z.literal(sort), value, id]).safeParse(jsonOf(cursor));
  if (data === undefined) {
    const message = 'cursor is not of this list in this order: send next_cursor as it is, with the same sort';
    throw new RequestError('malformed', [{ message, point: 'cursor' }]);
  }
  return { value: data[1], id: data[2] };
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
}
