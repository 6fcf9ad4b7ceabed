import { Card, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, bodyOf } from '../../api/api.ts';
import { bytesText } from '../../shared/bytes.ts';
import { FailedState, LoadingState } from '../../shared/states.tsx';
import { TEXTS } from '../../texts.ts';

const REFRESH_MS = 3_000;
const PAGE_SIZE = '20';

const uploadsQuery = queryOptions({
  queryKey: ['uploads'],
  queryFn: async ({ signal }) =>
    (await bodyOf(api.GET('/v1/uploads', { params: { query: { limit: PAGE_SIZE, sort: '-created' } }, signal }))).items,
  refetchInterval: REFRESH_MS,
});

const runningJobsQuery = queryOptions({
  queryKey: ['jobs', 'running'],
  queryFn: async ({ signal }) => {
    const query = { limit: PAGE_SIZE, sort: '-created', state: 'running' } as const;
    return (await bodyOf(api.GET('/v1/jobs', { params: { query }, signal }))).items;
  },
  refetchInterval: REFRESH_MS,
});

/** Open uploads and running jobs with their progress. */
export function ActivityCard(): ReactElement {
  const uploads = useQuery(uploadsQuery);
  const jobs = useQuery(runningJobsQuery);
  return (
    <Card withBorder padding="lg">
      <Stack>
        <Title order={2} size="h4">
          {TEXTS.overview.activity}
        </Title>
        <Content uploads={uploads} jobs={jobs} />
      </Stack>
    </Card>
  );
}

interface Props {
  readonly uploads: ReturnType<typeof useQuery<Awaited<ReturnType<NonNullable<typeof uploadsQuery.queryFn>>>>>;
  readonly jobs: ReturnType<typeof useQuery<Awaited<ReturnType<NonNullable<typeof runningJobsQuery.queryFn>>>>>;
}

function Content({ uploads, jobs }: Props): ReactElement {
  const error = uploads.error ?? jobs.error;
  if (error) {
    const retry = (): void => void Promise.all([uploads.refetch(), jobs.refetch()]);
    return <FailedState error={error} retry={retry} />;
  }
  if (!uploads.data || !jobs.data) return <LoadingState />;
  if (uploads.data.length + jobs.data.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {TEXTS.overview.idle}
      </Text>
    );
  }
  return (
    <Stack gap="md">
      {uploads.data.map(({ id, name, offset, size }) => (
        <Running key={id} label={TEXTS.overview.upload(name)} done={offset} total={size} />
      ))}
      {jobs.data.map(({ id, operation, copied_bytes: copied, total_bytes: total }) => (
        <Running key={id} label={TEXTS.overview.job(operation)} done={copied} total={total} />
      ))}
    </Stack>
  );
}

interface RunningProps {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

function Running({ label, done, total }: RunningProps): ReactElement {
  return (
    <Stack gap={4}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" truncate>
          {label}
        </Text>
        <Text size="xs" c="dimmed" className="number">
          {TEXTS.overview.of(bytesText(done), bytesText(total))}
        </Text>
      </Group>
      <Progress value={total === 0 ? 0 : (done / total) * 100} aria-label={label} />
    </Stack>
  );
}
