import { queryOptions } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api.ts';

const REFRESH_MS = 5_000;

/** All facts of an item. */
export function itemQuery(media: string) {
  return queryOptions({
    queryKey: ['media', 'item', media],
    queryFn: async ({ signal }) => bodyOf(api.GET('/v1/media/{media}', { params: { path: { media } }, signal })),
    refetchInterval: REFRESH_MS,
  });
}

export type ItemDetails = Awaited<ReturnType<NonNullable<ReturnType<typeof itemQuery>['queryFn']>>>;

/** What a deletion would do: who holds the item, which clones share its bytes, what it frees. */
export function deletionQuery(media: string) {
  return queryOptions({
    queryKey: ['media', 'deletion', media],
    queryFn: async ({ signal }) =>
      bodyOf(api.GET('/v1/media/{media}/deletion', { params: { path: { media } }, signal })),
  });
}

export type DeletionPlan = Awaited<ReturnType<NonNullable<ReturnType<typeof deletionQuery>['queryFn']>>>;
