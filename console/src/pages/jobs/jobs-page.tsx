import { Badge, Button, Progress, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, bodyOf } from '../../api/api.ts';
import { bytesText } from '../../shared/bytes.ts';
import { PagedTable, type Column } from '../../shared/list-table.tsx';
import { PageFrame } from '../../shared/page-frame.tsx';
import { RelativeTime } from '../../shared/relative-time.tsx';
import { showError } from '../../shared/show-error.ts';
import { TEXTS } from '../../texts.ts';

const REFRESH_MS = 2_000;
const COLORS = { running: 'blue', done: 'petrol', failed: 'red' } as const;

const jobsQuery = infiniteQueryOptions({
  queryKey: ['jobs', 'all'],
  queryFn: async ({ pageParam: cursor, signal }) =>
    bodyOf(
      api.GET('/v1/jobs', { params: { query: { sort: '-created', ...(cursor !== null && { cursor }) } }, signal }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor: next }) => next,
  refetchInterval: REFRESH_MS,
});

type Job = Awaited<ReturnType<NonNullable<typeof jobsQuery.queryFn>>>['items'][number];

/** Clones and other work that outlives its request, the latest first. */
export function JobsPage(): ReactElement {
  const query = useInfiniteQuery(jobsQuery);
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: async ({ id: job }: Job) => api.DELETE('/v1/jobs/{job}', { params: { path: { job } } }),
    onSuccess: async () => {
      notifications.show({ message: TEXTS.jobs.cancelled });
      await client.invalidateQueries({ queryKey: ['jobs'] });
    },
    onError: showError,
  });
  const columns: readonly Column<Job>[] = [
    { label: TEXTS.jobs.operation, cell: ({ operation }) => operation },
    { label: TEXTS.jobs.state, cell: ({ state }) => <State state={state} /> },
    { label: TEXTS.jobs.progress, cell: (job) => <JobProgress job={job} /> },
    { label: TEXTS.jobs.begun, cell: ({ created_at: created }) => <RelativeTime at={created} /> },
    {
      label: TEXTS.actions,
      cell: (job) =>
        job.state === 'running' && (
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              cancel.mutate(job);
            }}
          >
            {TEXTS.jobs.cancel}
          </Button>
        ),
    },
  ];
  return (
    <PageFrame title={TEXTS.jobs.title}>
      <PagedTable
        label={TEXTS.jobs.title}
        query={query}
        columns={columns}
        keyOf={({ id }) => id}
        empty={{ title: TEXTS.jobs.empty, about: TEXTS.jobs.emptyAbout }}
      />
    </PageFrame>
  );
}

function State({ state }: Pick<Job, 'state'>): ReactElement {
  return (
    <Badge tt="none" variant="light" color={COLORS[state]}>
      {TEXTS.jobs[state]}
    </Badge>
  );
}

function JobProgress({ job }: { readonly job: Job }): ReactElement {
  const { failure, copied_bytes: copied, total_bytes: total } = job;
  if (failure !== null) return <Text size="sm">{failure}</Text>;
  return (
    <Stack gap={4} miw={180}>
      <Progress value={progressOf(job)} aria-label={TEXTS.jobs.progress} />
      <Text size="xs" c="dimmed">
        {TEXTS.overview.of(bytesText(copied), bytesText(total))}
      </Text>
    </Stack>
  );
}

function progressOf({ state, copied_bytes: copied, total_bytes: total }: Job): number {
  if (state === 'done') return 100;
  return total === 0 ? 0 : (copied / total) * 100;
}
