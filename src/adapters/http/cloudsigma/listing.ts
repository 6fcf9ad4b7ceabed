import type { Request } from 'express';
import type { LongList } from '../../../domain/shared/page.ts';
import { streamList } from '../shared/streamed-list.ts';
import type { Reply } from './call.ts';
import { fieldsOf, project, type Projectable } from './fields.ts';
import { RequestError, type Fault } from '../shared/request-error.ts';

/** The requested part of a list. */
export interface Page {
  /** The most objects; 0 for all. */
  readonly limit: number;
  /** The number of objects before the first. */
  readonly offset: number;
}

/** Alternatives: one value has to match. */
export type AnyOf = readonly string[];

/** Conditions: each has to match with any of its values. */
export type AllOf = readonly AnyOf[];

/** The default limit. */
export const DEFAULT_LIMIT = 20;

/**
 * Returns the page that a request asks for (docs/cloudsigma.md#lists-and-filters).
 *
 * @throws RequestError `malformed` with the faults of both parameters
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

/** Limits of the filters of one request, over all filters together. */
export const MAX_CONDITIONS = 20;
export const MAX_ALTERNATIVES = 100;

/**
 * Returns the filters called `names`: a repeated parameter means AND, a comma OR
 * (docs/cloudsigma.md#lists-and-filters).
 *
 * @throws RequestError `malformed` above the limits
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
  const sent = request.query[name];
  const values = Array.isArray(sent) ? sent : [sent];
  return values.flatMap((value) => (typeof value === 'string' ? [alternativesOf(value)] : []));
}

/** Answers a page of a list. */
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
 * As `listed`, for a list that may be long: after its first batch it is read while it is sent. A
 * failure then destroys the connection.
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
 * Splits at commas. Before a comma two backslashes mean one, and a single one escapes the comma:
 * `\,` is a literal comma, `\\,` a backslash before a separator. Elsewhere a backslash is literal.
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
  faults.push({ message: `${name} must be a whole number, at least 0`, point: name });
  return fallback;
}
