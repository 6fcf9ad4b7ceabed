import { Badge, Button, Progress, Stack, Table, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, bodyOf } from '../../api/api.ts';
import { bytesText } from '../../shared/bytes.ts';
import { errorText } from '../../shared/error-text.ts';
import { RelativeTime } from '../../shared/relative-time.tsx';
import { EmptyState, FailedState, LoadingState } from '../../shared/states.tsx';
import { TEXTS } from '../../texts.ts';

const REFRESH_MS = 2_000;
const COLORS = { running: 'blue', done: 'green', failed: 'red' } as const;

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
  return (
    <Stack gap="md">
      <Title order={1} size="h2">
        {TEXTS.jobs.title}
      </Title>
      <Jobs />
    </Stack>
  );
}

function Jobs(): ReactElement {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(jobsQuery);
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: async (job: string) => api.DELETE('/v1/jobs/{job}', { params: { path: { job } } }),
    onSuccess: async () => {
      notifications.show({ message: TEXTS.jobs.cancelled });
      await client.invalidateQueries({ queryKey: ['jobs'] });
    },
    onError: (error) => {
      notifications.show({ color: 'red', message: errorText(error) });
    },
  });
  if (error) return <FailedState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  const jobs = data.pages.flatMap(({ items }) => items);
  if (jobs.length === 0) return <EmptyState title={TEXTS.jobs.empty}>{TEXTS.jobs.emptyAbout}</EmptyState>;
  return (
    <>
      <Table.ScrollContainer minWidth={600}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{TEXTS.jobs.operation}</Table.Th>
              <Table.Th>{TEXTS.jobs.state}</Table.Th>
              <Table.Th>{TEXTS.jobs.progress}</Table.Th>
              <Table.Th>{TEXTS.jobs.begun}</Table.Th>
              <Table.Th>{TEXTS.actions}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {jobs.map((job) => (
              <Row
                key={job.id}
                job={job}
                cancel={() => {
                  cancel.mutate(job.id);
                }}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {TEXTS.jobs.more}
        </Button>
      )}
    </>
  );
}

function Row({ job, cancel }: { readonly job: Job; readonly cancel: () => void }): ReactElement {
  const { operation, state, failure, copied_bytes: copied, total_bytes: total, created_at: created } = job;
  const isRunning = state === 'running';
  return (
    <Table.Tr>
      <Table.Td>{operation}</Table.Td>
      <Table.Td>
        <Badge tt="none" variant="light" color={COLORS[state]}>
          {TEXTS.jobs[state]}
        </Badge>
      </Table.Td>
      <Table.Td miw={180}>
        {failure === null ? (
          <Stack gap={4}>
            <Progress value={progressOf(job)} aria-label={TEXTS.jobs.progress} />
            <Text size="xs" c="dimmed">
              {TEXTS.overview.of(bytesText(copied), bytesText(total))}
            </Text>
          </Stack>
        ) : (
          <Text size="sm">{failure}</Text>
        )}
      </Table.Td>
      <Table.Td>
        <RelativeTime at={created} />
      </Table.Td>
      <Table.Td>
        {isRunning && (
          <Button size="xs" variant="default" onClick={cancel}>
            {TEXTS.jobs.cancel}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function progressOf({ state, copied_bytes: copied, total_bytes: total }: Job): number {
  if (state === 'done') return 100;
  return total === 0 ? 0 : (copied / total) * 100;
}
