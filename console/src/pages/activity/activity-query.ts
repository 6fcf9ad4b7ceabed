import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api.ts';
import type { ActivitySearch } from './activity-search.ts';

const DAY_MS = 86_400_000;
const PERIOD_DAYS = { day: 1, week: 7, month: 30 } as const;

/** The audit events that match a search, the latest first. */
export function activityQuery(search: ActivitySearch) {
  const { period, ...filters } = search;
  return infiniteQueryOptions({
    queryKey: ['audit', search],
    queryFn: async ({ pageParam: cursor, signal }) => {
      const since = period && new Date(Date.now() - PERIOD_DAYS[period] * DAY_MS).toISOString();
      const query = { ...filters, ...(since !== undefined && { since }), ...(cursor !== null && { cursor }) };
      return bodyOf(api.GET('/v1/audit', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    placeholderData: (before) => before,
  });
}

export type AuditEvent = Awaited<ReturnType<NonNullable<ReturnType<typeof activityQuery>['queryFn']>>>['items'][number];
