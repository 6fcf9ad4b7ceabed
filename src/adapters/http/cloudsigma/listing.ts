import type { Request } from 'express';
import type { LongList } from '../../../domain/shared/page.ts';
import { streamList } from '../shared/streamed-list.ts';
import type { Reply } from './call.ts';
import { fieldsOf, project, type Projectable } from './fields.ts';
import { RequestError, type Fault } from '../shared/request-error.ts';

/** Which part of a list is asked for. */
export interface Page {
  /** The most objects; 0 means all of them. */
  readonly limit: number;
  /** How many are left out before the first. */
  readonly offset: number;
}

/** Values of which one has to fit. */
export type AnyOf = readonly string[];

/** The values of one filter: each element has to fit, with any of its values. */
export type AllOf = readonly AnyOf[];

/** The most objects where nobody says. */
export const DEFAULT_LIMIT = 20;

/**
 * The page that a request asks for (docs/cloudsigma.md#lists-and-filters). Fails with a
 * `RequestError` that names both faults, if there are two.
 */
export function pageOf(request: Request): Page {
  const faults: Fault[] = [];
  const page = {
    limit: count(request.query.limit, 'limit', DEFAULT_LIMIT, faults),
    offset: count(request.query.offset, 'offset', 0, faults),
  };
  if (faults.length > 0) throw new RequestError('malformed', faults);
  return page;
}

/**
 * The most conditions that the filters of a request have together, and the most values of all
 * conditions together.
 */
export const MAX_CONDITIONS = 20;
export const MAX_ALTERNATIVES = 100;

/**
 * The filters called `names`: a repeated parameter means AND, a comma OR
 * (docs/cloudsigma.md#lists-and-filters). Fails with a `RequestError` where they are more than one
 * request may have.
 */
export function filtersOf<Name extends string>(
  request: Request,
  names: readonly Name[],
): Readonly<Record<Name, AllOf>> {
  const filters = names.map((name) => [name, filterOf(request, name)] as const);
  const conditions = filters.flatMap(([, lists]) => lists);
  const alternatives = conditions.flat().length;
  if (conditions.length > MAX_CONDITIONS || alternatives > MAX_ALTERNATIVES) {
    throw new RequestError(
      'malformed',
      `a list takes at most ${MAX_CONDITIONS} filters with ${MAX_ALTERNATIVES} values in all: ` +
        `this request has ${conditions.length} with ${alternatives}`,
    );
  }
  return Object.fromEntries(filters) as Readonly<Record<Name, AllOf>>;
}

function filterOf(request: Request, name: string): AllOf {
  const asked = request.query[name];
  const values = Array.isArray(asked) ? asked : [asked];
  return values.flatMap((value) => (typeof value === 'string' ? [alternativesOf(value)] : []));
}

/** A list with its place in the whole. */
export function listed(
  request: Request,
  { limit, offset }: Page,
  total: number,
  objects: readonly Projectable[],
): Reply {
  const fields = fieldsOf(request);
  return {
    status: 200,
    body: {
      meta: { limit, offset, total_count: total },
      objects: objects.map((object) => project(object, fields)),
    },
  };
}

/**
 * As `listed`, for what may be long: behind its first batch it is sent while it is read, and ends
 * with the connection where that fails.
 */
export function streamedPage<T>(
  request: Request,
  { limit, offset }: Page,
  { total, items, rest }: LongList<T>,
  wire: (item: T) => Projectable,
): Reply {
  if (rest === null) return listed(request, { limit, offset }, total, items.map(wire));
  const fields = fieldsOf(request);
  const head = { meta: { limit, offset, total_count: total } };
  const long = streamList(head, 'objects', { items, rest }, (item) => project(wire(item), fields));
  return { status: 200, body: null, stream: long };
}

/**
 * Splits at commas. Of backslashes before a comma each two mean one, and one that is left over
 * takes the comma for what it is: `\,` is a literal comma, `\\,` a backslash before a separating
 * one. Elsewhere a backslash is a backslash.
 */
function alternativesOf(value: string): AnyOf {
  const alternatives: string[] = [];
  let current = '';
  let at = 0;
  for (const { 0: found, 1: backslashes = '', index } of value.matchAll(/(\\*),/g)) {
    current += value.slice(at, index) + '\\'.repeat(Math.floor(backslashes.length / 2));
    at = index + found.length;
    if (backslashes.length % 2 === 1) {
      current += ',';
      continue;
    }
    alternatives.push(current);
    current = '';
  }
  return [...alternatives, current + value.slice(at)];
}

function count(value: unknown, name: string, fallback: number, faults: Fault[]): number {
  if (value === undefined) return fallback;
  const number = typeof value === 'string' && /^[0-9]{1,16}$/.test(value) ? Number(value) : NaN;
  if (Number.isSafeInteger(number)) return number;
  faults.push({ message: `${name} must be a whole number from 0 on`, point: name });
  return fallback;
}
