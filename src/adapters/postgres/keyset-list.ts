import type { KeysetPage, KeysetPosition, KeysetTerms } from '../../domain/shared/keyset.ts';
import { MAX_COUNTED } from '../../domain/shared/keyset.ts';
import { rows } from './query.ts';
import type { Binding, Session } from './session.ts';

/** The parts of the statements of a list. SQL, except for the names of the sorts. */
export interface KeysetListParts<Sort extends string> {
  readonly columns: string;
  readonly from: string;
  /** The conditions of every page; takes the bindings of `page`. */
  readonly where: string;
  readonly sorts: Readonly<Record<Sort, SortColumn>>;
  /** The column that breaks ties, which is unique. */
  readonly id: SortColumn;
}

/** A column that is never null, and its type. */
export interface SortColumn {
  readonly column: string;
  readonly type: 'bigint' | 'text' | 'timestamptz' | 'uuid';
}

interface PositionRow {
  readonly sort_value: string;
  readonly sort_id: string;
}

interface Statements {
  readonly first: string;
  readonly after: string;
}

type StatementsBySort<Sort extends string> = Readonly<
  Record<Sort, Readonly<Record<'ascending' | 'descending', Statements>>>
>;

/**
 * A sorted list that is read page by page, from the position of the last item on. Each order has
 * its statements, composed once; an index on the sort column and the id serves them.
 */
export class KeysetList<Sort extends string> {
  readonly #statements: StatementsBySort<Sort>;
  readonly #count: string;
  readonly #sorts: Readonly<Record<Sort, SortColumn>>;

  constructor(parts: KeysetListParts<Sort>) {
    const sorts = Object.entries(parts.sorts) as [Sort, SortColumn][];
    this.#sorts = parts.sorts;
    this.#statements = Object.fromEntries(
      sorts.map(([name, sort]) => [
        name,
        { ascending: statementsOf(parts, sort, '>', 'asc'), descending: statementsOf(parts, sort, '<', 'desc') },
      ]),
    ) as StatementsBySort<Sort>;
    this.#count = `select count(*) as total from (select from ${parts.from} where ${parts.where} limit ${MAX_COUNTED}) as counted`;
  }

  /** Returns a page: one statement, and one more to count. `bindings` are those of `where`. */
  async page<T>(
    session: Session,
    bindings: readonly Binding[],
    { limit, sort, isDescending, after, counts }: KeysetTerms<Sort>,
    itemFrom: (row: never) => T,
  ): Promise<KeysetPage<T>> {
    const statements = this.#statements[sort][isDescending ? 'descending' : 'ascending'];
    // One more shows whether the list goes on.
    const listing =
      after === null
        ? rows<PositionRow>(session, statements.first, [...bindings, limit + 1])
        : rows<PositionRow>(session, statements.after, [...bindings, after.value, after.id, limit + 1]);
    const counting = counts ? rows<{ readonly total: string }>(session, this.#count, bindings) : null;
    const [found, counted] = await Promise.all([listing, counting]);
    const items = found.slice(0, limit);
    return {
      items: items.map((row) => itemFrom(row as never)),
      last: found.length > limit ? this.#positionOf(sort, items.at(-1)) : null,
      total: counted === null ? null : Number(counted[0]?.total),
    };
  }

  #positionOf(sort: Sort, row: PositionRow | undefined): KeysetPosition | null {
    if (row === undefined) return null;
    const isNumber = this.#sorts[sort].type === 'bigint';
    return { value: isNumber ? Number(row.sort_value) : row.sort_value, id: row.sort_id };
  }
}

function statementsOf<Sort extends string>(
  { columns, from, where, id }: KeysetListParts<Sort>,
  sort: SortColumn,
  beyond: '<' | '>',
  direction: 'asc' | 'desc',
): Statements {
  const position = `${textOf(sort)} as sort_value, ${textOf(id)} as sort_id`;
  const begin = `select ${columns}, ${position} from ${from} where ${where}`;
  const end = `order by ${sort.column} ${direction}, ${id.column} ${direction} limit ?`;
  const rest = `and (${sort.column}, ${id.column}) ${beyond} (?::${sort.type}, ?::${id.type})`;
  return { first: `${begin} ${end}`, after: `${begin} ${rest} ${end}` };
}

function textOf({ column, type }: SortColumn): string {
  return type === 'timestamptz'
    ? `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
    : `${column}::text`;
}
