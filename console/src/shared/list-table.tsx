import { Button, Table } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { TEXTS } from '../texts.ts';
import { EmptyState, FailedState, LoadingState } from './states.tsx';

/** A column: its heading, and what its cell shows of a row. */
export interface Column<T> {
  readonly label: string;
  readonly cell: (row: T) => ReactNode;
  /** `name` may be long and breaks anywhere; `number` stands at the right. */
  readonly kind?: 'name' | 'number';
}

interface TableProps<T> {
  /** What the rows are, for assistive technology. */
  readonly label: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly keyOf: (row: T) => string | number;
}

/** A table whose rows become blocks with labelled lines on a narrow screen. */
export function ListTable<T>({ label, rows, columns, keyOf }: TableProps<T>): ReactElement {
  return (
    <Table verticalSpacing="xs" highlightOnHover aria-label={label} className="list-table">
      <Table.Thead>
        <Table.Tr>
          {columns.map(({ label: heading, kind }) => (
            <Table.Th key={heading} data-kind={kind}>
              {heading}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={keyOf(row)}>
            {columns.map(({ label: heading, cell, kind }) => (
              <Table.Td key={heading} data-label={heading} data-kind={kind}>
                {cell(row)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** A list that is read page by page, as `useInfiniteQuery` returns it. */
export interface PagedQuery<T> {
  readonly data: { readonly pages: readonly { readonly items: readonly T[] }[] } | undefined;
  readonly error: unknown;
  readonly refetch: () => Promise<unknown>;
  readonly hasNextPage: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
  readonly isFetchingNextPage: boolean;
}

interface PagedProps<T> extends Omit<TableProps<T>, 'rows'> {
  readonly query: PagedQuery<T>;
  readonly empty: { readonly title: string; readonly about: ReactNode };
}

/**
 * A list of the API as a table: while it loads, when it failed, while it is empty, and with a
 * button for the next page.
 */
export function PagedTable<T>({ query, empty, ...table }: PagedProps<T>): ReactElement {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  if (error !== null) return <FailedState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  const rows = data.pages.flatMap(({ items }) => items);
  if (rows.length === 0) return <EmptyState title={empty.title}>{empty.about}</EmptyState>;
  return (
    <>
      <ListTable rows={rows} {...table} />
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {TEXTS.more}
        </Button>
      )}
    </>
  );
}
