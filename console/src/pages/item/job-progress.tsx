import { Alert, Card, Group, Progress, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactElement } from 'react';
import { api, bodyOf } from '../../api/api.ts';
import { bytesText } from '../../shared/bytes.ts';
import { ItemLink } from '../../shared/item-link.tsx';
import { FailedState } from '../../shared/states.tsx';
import { TEXTS } from '../../texts.ts';
import { ITEM_TEXTS } from '../../texts/item-texts.ts';

const REFRESH_MS = 1_000;

interface Job {
  readonly operation: 'clone' | 'unshare' | 'import' | 'move';
  readonly state: 'running' | 'done' | 'failed';
  readonly failure: string | null;
  readonly failure_detail: string | null;
  readonly media: string;
  readonly copied_bytes: number;
  readonly total_bytes: number;
}

/** A job that was ordered on this page, until it ends, and then how it ended. */
export function JobProgress({ job }: { readonly job: string }): ReactElement | null {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['jobs', 'one', job],
    queryFn: async ({ signal }) => bodyOf(api.GET('/v1/jobs/{job}', { params: { path: { job } }, signal })),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'running' ? REFRESH_MS : false),
  });
  const hasEnded = data !== undefined && data.state !== 'running';
  useEffect(() => {
    if (hasEnded) void client.invalidateQueries({ queryKey: ['media'] });
  }, [hasEnded, client]);
  if (error) return <FailedState error={error} retry={() => void refetch()} />;
  return data === undefined ? null : <Progressing job={data} />;
}

/** The running job that works on an item. */
export function RunningJob({ media }: { readonly media: string }): ReactElement {
  const { data } = useQuery({
    queryKey: ['jobs', 'running'],
    queryFn: async ({ signal }) =>
      (await bodyOf(api.GET('/v1/jobs', { params: { query: { sort: '-created', state: 'running' } }, signal }))).items,
    refetchInterval: REFRESH_MS,
  });
  const job = data?.find((one) => one.media === media);
  return job === undefined ? <Alert color="blue">{ITEM_TEXTS.working}</Alert> : <Progressing job={job} />;
}

function Progressing({ job }: { readonly job: Job }): ReactElement {
  const { operation, state, failure, failure_detail: detail, media, copied_bytes: copied, total_bytes: total } = job;
  if (state === 'failed') {
    return (
      <Alert color="red" role="alert">
        {ITEM_TEXTS.jobFailed(operation, detail ?? failure ?? ITEM_TEXTS.unknown)}
      </Alert>
    );
  }
  if (state === 'done') {
    const isClone = operation === 'clone';
    return (
      <Alert color="green" role="status">
        <Group justify="space-between">
          {isClone ? ITEM_TEXTS.jobDone.clone : ITEM_TEXTS.jobDone.move}
          {isClone && <ItemLink media={media}>{ITEM_TEXTS.openClone}</ItemLink>}
        </Group>
      </Alert>
    );
  }
  return (
    <Card withBorder padding="sm">
      <Stack gap={4}>
        <Group justify="space-between" gap="xs">
          <Text size="sm">{ITEM_TEXTS.progress(operation)}</Text>
          <Text size="xs" c="dimmed" className="number">
            {TEXTS.overview.of(bytesText(copied), bytesText(total))}
          </Text>
        </Group>
        <Progress value={total === 0 ? 0 : (copied / total) * 100} aria-label={ITEM_TEXTS.progress(operation)} />
      </Stack>
    </Card>
  );
}
