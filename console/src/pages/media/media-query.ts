import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api.ts';
import { DEFAULT_SORT, MIN_SEARCH_CHARACTERS, type MediaSearch } from './media-search.ts';

const PAGE_SIZE = '100';
const REFRESH_MS = 5_000;
/** Only so many pages are polled: a longer list is refreshed when the user acts. */
const MAX_POLLED_PAGES = 1;

/** The items that match a search, page by page. */
export function mediaQuery(search: MediaSearch) {
  const { q, sort = DEFAULT_SORT, ...filters } = search;
  const query = {
    ...filters,
    ...(q !== undefined && q.length >= MIN_SEARCH_CHARACTERS && { q }),
    sort,
    limit: PAGE_SIZE,
  };
  return infiniteQueryOptions({
    queryKey: ['media', query],
    queryFn: async ({ pageParam: cursor, signal }) =>
      bodyOf(api.GET('/v1/media', { params: { query: { ...query, ...(cursor !== null && { cursor }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= MAX_POLLED_PAGES ? REFRESH_MS : false),
    placeholderData: (before) => before,
  });
}

export type MediaItem = Awaited<ReturnType<NonNullable<ReturnType<typeof mediaQuery>['queryFn']>>>['items'][number];

/** Whether the data of a query may change when items do. */
export function isAboutMedia({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean {
  return ['media', 'trash', 'usage', 'jobs', 'audit'].includes(String(queryKey[0]));
}
