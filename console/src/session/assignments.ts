import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../api/api.ts';

const FRESH_MS = 30_000;
const NO_GROUP = -1;

/** A pool that is assigned to a group. */
export interface AssignedPool {
  readonly pool: number;
  readonly name: string;
  readonly manage: boolean;
}

function assignmentsQuery(group: number | null) {
  return queryOptions({
    queryKey: ['assignments', group],
    queryFn: async ({ signal }): Promise<readonly AssignedPool[]> => {
      const path = { group: group ?? NO_GROUP };
      return (await bodyOf(api.GET('/v1/groups/{group}/assignments', { params: { path }, signal }))).items;
    },
    enabled: group !== null,
    staleTime: FRESH_MS,
  });
}

/** Returns the pools that are assigned to a group; none until they are loaded. */
export function useAssignedPools(group: number | null): readonly AssignedPool[] {
  return useQuery(assignmentsQuery(group)).data ?? [];
}
