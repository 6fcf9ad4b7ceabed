import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api.ts';

/** The pools of a group with their quotas. */
export function quotasQuery(group: number) {
  return queryOptions({
    queryKey: ['usage', 'quotas', group],
    queryFn: async ({ signal }) =>
      (await bodyOf(api.GET('/v1/groups/{group}/assignments', { params: { path: { group } }, signal }))).items,
  });
}

export type Assignment = Awaited<ReturnType<NonNullable<ReturnType<typeof quotasQuery>['queryFn']>>>[number];

/** What the group and the groups below it keep in a pool, the largest first. */
export function chargesQuery(group: number, pool: number) {
  return infiniteQueryOptions({
    queryKey: ['usage', 'charges', group, pool],
    queryFn: async ({ pageParam: cursor, signal }) => {
      const params = { path: { group, pool }, query: { ...(cursor !== null && { cursor }) } };
      return bodyOf(api.GET('/v1/groups/{group}/usage/{pool}/entries', { params, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
  });
}

export type Charge = Awaited<ReturnType<NonNullable<ReturnType<typeof chargesQuery>['queryFn']>>>['items'][number];

/** The users with a permission on the group, also by a group above. */
export function grantsQuery(group: number) {
  return infiniteQueryOptions({
    queryKey: ['grants', group],
    queryFn: async ({ pageParam: cursor, signal }) => {
      const params = { path: { group }, query: { sort: 'name' as const, ...(cursor !== null && { cursor }) } };
      return bodyOf(api.GET('/v1/groups/{group}/grants', { params, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
  });
}

export type Grantee = Awaited<ReturnType<NonNullable<ReturnType<typeof grantsQuery>['queryFn']>>>['items'][number];
