import { Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { api, bodyOf } from '../../api/api.ts';
import { bytesText } from '../../shared/bytes.ts';
import { durationText } from '../../shared/durations.ts';
import { ListTable, type Column } from '../../shared/list-table.tsx';
import { PageFrame } from '../../shared/page-frame.tsx';
import { RelativeTime } from '../../shared/relative-time.tsx';
import { FailedState, LoadingState } from '../../shared/states.tsx';
import { SYSTEM_TEXTS } from '../../texts/system-texts.ts';

const REFRESH_MS = 10_000;
const RESULT_COLORS = { healthy: 'petrol', findings: 'red', incomplete: 'yellow' } as const;

const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: async ({ signal }) => bodyOf(api.GET('/v1/system', { signal })),
  refetchInterval: REFRESH_MS,
});

type SystemState = Awaited<ReturnType<NonNullable<typeof systemQuery.queryFn>>>;
type Pool = SystemState['pools'][number];
type Replica = SystemState['replicas'][number];

const POOL_COLUMNS: readonly Column<Pool>[] = [
  { label: SYSTEM_TEXTS.pool, kind: 'name', cell: ({ name }) => name },
  {
    label: SYSTEM_TEXTS.state,
    cell: ({ usable }) => (
      <Badge tt="none" variant="light" color={usable ? 'petrol' : 'red'}>
        {usable ? SYSTEM_TEXTS.usable : SYSTEM_TEXTS.unusable}
      </Badge>
    ),
  },
  { label: SYSTEM_TEXTS.used, kind: 'number', cell: ({ used_bytes: used }) => bytesOr(used, SYSTEM_TEXTS.unknown) },
  {
    label: SYSTEM_TEXTS.capacity,
    kind: 'number',
    cell: ({ capacity_bytes: capacity }) => bytesOr(capacity, SYSTEM_TEXTS.noLimit),
  },
  { label: SYSTEM_TEXTS.free, kind: 'number', cell: ({ free_bytes: free }) => bytesOr(free, SYSTEM_TEXTS.unknown) },
  { label: SYSTEM_TEXTS.damaged, kind: 'number', cell: ({ damaged }) => damaged ?? SYSTEM_TEXTS.unknown },
];

const REPLICA_COLUMNS: readonly Column<Replica>[] = [
  { label: SYSTEM_TEXTS.replica, kind: 'name', cell: ({ id }) => id },
  { label: SYSTEM_TEXTS.version, cell: ({ version }) => version },
  { label: SYSTEM_TEXTS.started, cell: ({ started_at: at }) => <RelativeTime at={at} /> },
  { label: SYSTEM_TEXTS.seen, cell: ({ seen_at: at }) => <RelativeTime at={at} /> },
];

/** The installation as a whole, for root. */
export function SystemPage(): ReactElement {
  return (
    <PageFrame title={SYSTEM_TEXTS.title}>
      <Content />
    </PageFrame>
  );
}

function Content(): ReactElement {
  const { data, error, refetch } = useQuery(systemQuery);
  if (error) return <FailedState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  const { database, uploads, jobs } = data;
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2, xl: 4 }}>
        <Facts
          title={SYSTEM_TEXTS.program}
          facts={[
            [SYSTEM_TEXTS.version, data.version],
            [SYSTEM_TEXTS.uptime, durationText(data.uptime_seconds)],
          ]}
        />
        <Facts
          title={SYSTEM_TEXTS.database}
          facts={[
            [SYSTEM_TEXTS.version, database.version],
            [SYSTEM_TEXTS.databaseSize, bytesText(database.size_bytes)],
            [SYSTEM_TEXTS.latency, SYSTEM_TEXTS.milliseconds(new Intl.NumberFormat().format(database.latency_ms))],
          ]}
        />
        <Facts
          title={SYSTEM_TEXTS.work}
          facts={[
            [
              SYSTEM_TEXTS.uploads,
              uploads === null
                ? SYSTEM_TEXTS.unknown
                : SYSTEM_TEXTS.uploadsOf(uploads.open, bytesText(uploads.received_bytes)),
            ],
            [SYSTEM_TEXTS.jobs, jobs === null ? SYSTEM_TEXTS.unknown : SYSTEM_TEXTS.jobsOf(jobs.running, jobs.waiting)],
          ]}
        />
        <Facts
          title={SYSTEM_TEXTS.checks}
          facts={[
            [SYSTEM_TEXTS.doctor, <Examination key="doctor" last={data.last_doctor} />],
            [SYSTEM_TEXTS.scrub, <Examination key="scrub" last={data.last_scrub} />],
          ]}
        />
      </SimpleGrid>
      <Title order={2} size="h4">
        {SYSTEM_TEXTS.pools}
      </Title>
      <ListTable label={SYSTEM_TEXTS.pools} rows={data.pools} columns={POOL_COLUMNS} keyOf={({ id }) => id} />
      <Title order={2} size="h4">
        {SYSTEM_TEXTS.replicas}
      </Title>
      <ListTable label={SYSTEM_TEXTS.replicas} rows={data.replicas} columns={REPLICA_COLUMNS} keyOf={({ id }) => id} />
    </>
  );
}

interface FactsProps {
  readonly title: string;
  readonly facts: readonly (readonly [label: string, value: ReactNode])[];
}

function Facts({ title, facts }: FactsProps): ReactElement {
  return (
    <Card withBorder padding="md">
      <Stack gap="xs">
        <Title order={2} size="h5">
          {title}
        </Title>
        <dl className="facts">
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </Stack>
    </Card>
  );
}

function Examination({ last }: { readonly last: SystemState['last_doctor'] }): ReactElement {
  if (last === null) return <>{SYSTEM_TEXTS.neverRan}</>;
  return (
    <Group gap={6}>
      <Badge tt="none" variant="light" color={RESULT_COLORS[last.result]}>
        {last.result === 'findings' ? SYSTEM_TEXTS.findings(last.findings) : SYSTEM_TEXTS.results[last.result]}
      </Badge>
      <Text size="sm" span>
        <RelativeTime at={last.ended_at} />
      </Text>
    </Group>
  );
}

function bytesOr(bytes: number | null, otherwise: string): string {
  return bytes === null ? otherwise : bytesText(bytes);
}
