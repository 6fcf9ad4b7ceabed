import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api.ts';
import type { LibrarySearch } from './library-search.ts';

/** Most libraries are one page, so that their filters know all values. */
const PAGE_SIZE = '200';
const FRESH_MS = 60_000;
const REFRESH_MS = 1_000;

/** The drives of the library that match a search, by name. */
export function libraryQuery(search: LibrarySearch) {
  const query = { ...search, sort: 'name', limit: PAGE_SIZE } as const;
  return infiniteQueryOptions({
    queryKey: ['library', query],
    queryFn: async ({ pageParam: cursor, signal }) =>
      bodyOf(api.GET('/v1/library', { params: { query: { ...query, ...(cursor !== null && { cursor }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    staleTime: FRESH_MS,
    placeholderData: (before) => before,
  });
}

export type LibraryDrive = Awaited<
  ReturnType<NonNullable<ReturnType<typeof libraryQuery>['queryFn']>>
>['items'][number];

/** A job that is read again until it has ended. */
export function jobQuery(job: string) {
  return queryOptions({
    queryKey: ['jobs', job],
    queryFn: async ({ signal }) => bodyOf(api.GET('/v1/jobs/{job}', { params: { path: { job } }, signal })),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'running' ? REFRESH_MS : false),
  });
}
