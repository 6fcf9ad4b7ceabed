import { queryOptions } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api.ts';

const REFRESH_MS = 10_000;

/** What a group uses of each pool. */
export function usageQuery(group: number) {
  return queryOptions({
    queryKey: ['usage', group],
    queryFn: async ({ signal }) =>
      (await bodyOf(api.GET('/v1/groups/{group}/usage', { params: { path: { group } }, signal }))).items,
    refetchInterval: REFRESH_MS,
  });
}

export type PoolUsage = Awaited<ReturnType<NonNullable<ReturnType<typeof usageQuery>['queryFn']>>>[number];
