import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, bodyOf } from '../api/api.ts';
import { ProblemError } from '../api/problem.ts';

const UNAUTHORIZED = 401;
/** Set while this browser has a session, whose cookie the page cannot read. */
const MARK = 'platter-session';

/** The user that is signed in, with the groups and permissions; null without a session. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => {
    if (localStorage.getItem(MARK) === null) return null;
    try {
      return await bodyOf(api.GET('/v1/session', { signal }));
    } catch (error) {
      if (error instanceof ProblemError && error.problem.status === UNAUTHORIZED) return null;
      throw error;
    }
  },
  staleTime: Infinity,
});

export type Session = NonNullable<Awaited<ReturnType<NonNullable<typeof sessionQuery.queryFn>>>>;

/** Notes that this browser has a session now, or has none any more. */
export function markSession(exists: boolean): void {
  if (exists) localStorage.setItem(MARK, '');
  else localStorage.removeItem(MARK);
}

/**
 * Returns the session.
 *
 * @throws Error outside of the pages that need one
 */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error('no session');
  return data;
}

/** The groups on which the user holds a permission, by name. */
export function groupsWith({ groups }: Session, permission: string): Session['groups'] {
  return groups
    .filter(({ permissions }) => permissions.includes(permission))
    .sort((one, other) => one.name.localeCompare(other.name));
}
