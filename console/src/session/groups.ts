import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../api/api.ts';
import { useSession } from './session.ts';

const PAGE_SIZE = '500';
/** A depot with more groups shows the ids of the others. */
const MAX_PAGES = 20;
const FRESH_MS = 60_000;

/** All groups that the user sees, by name. */
export const groupsQuery = queryOptions({
  queryKey: ['groups'],
  queryFn: async ({ signal }) => {
    const groups: Group[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < MAX_PAGES && (page === 0 || cursor !== null); page += 1) {
      const read: GroupPage = await groupPage(cursor, signal);
      groups.push(...read.items);
      cursor = read.next_cursor;
    }
    return groups;
  },
  staleTime: FRESH_MS,
});

export interface Group {
  readonly id: number;
  readonly name: string;
  readonly parent: number;
  readonly path: readonly number[];
}

interface GroupPage {
  readonly items: readonly Group[];
  readonly next_cursor: string | null;
}

async function groupPage(cursor: string | null, signal: AbortSignal): Promise<GroupPage> {
  const query = { limit: PAGE_SIZE, sort: 'name' as const, ...(cursor !== null && { cursor }) };
  return bodyOf(api.GET('/v1/groups', { params: { query }, signal }));
}

/** Returns the groups that the user sees; none until they are loaded. */
export function useGroups(): readonly Group[] {
  return useQuery(groupsQuery).data ?? [];
}

/**
 * Returns a function from the id of a group to its name, or to the id where the name is unknown.
 */
export function useGroupNames(): (id: number) => string {
  const names = new Map(useGroups().map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? String(id);
}

/** Returns a function that says whether the user holds a permission on a group, or above it. */
export function useMay(): (permission: string, group: number) => boolean {
  const held = new Map(useSession().groups.map(({ id, permissions }) => [id, permissions]));
  const paths = new Map(useGroups().map(({ id, path }) => [id, path]));
  return (permission, group) => (paths.get(group) ?? [group]).some((id) => held.get(id)?.includes(permission) === true);
}

/** Returns the groups on which the user holds a permission, by name. */
export function useGroupsWith(permission: string): readonly Group[] {
  const may = useMay();
  return useGroups().filter(({ id }) => may(permission, id));
}
