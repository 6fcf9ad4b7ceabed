import { Card, Select, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useGroups } from '../../session/groups.ts';
import { useSession } from '../../session/session.ts';
import { FailedState, LoadingState } from '../../shared/states.tsx';
import { TEXTS } from '../../texts.ts';
import { UsageBar } from './usage-bar.tsx';
import { usageQuery } from './usage-query.ts';

/** The pools of one group, each with a bar; the home group first. */
export function SpaceCard(): ReactElement {
  const { home } = useSession();
  const groups = useGroups();
  const [chosen, setChosen] = useState<string | null>(null);
  const first = groups.find(({ id }) => id === home) ?? groups[0];
  const group = chosen === null ? first?.id : Number(chosen);
  return (
    <Card withBorder padding="lg">
      <Stack>
        <div>
          <Title order={2} size="h4">
            {TEXTS.overview.space}
          </Title>
          <Text c="dimmed" size="sm">
            {TEXTS.overview.spaceAbout}
          </Text>
        </div>
        {groups.length > 1 && (
          <Select
            label={TEXTS.media.group}
            searchable
            allowDeselect={false}
            maw={320}
            data={groups.map(({ id, name }) => ({ value: String(id), label: name }))}
            value={group === undefined ? null : String(group)}
            onChange={setChosen}
          />
        )}
        {group === undefined ? <Text size="sm">{TEXTS.overview.noPools}</Text> : <Pools group={group} />}
      </Stack>
    </Card>
  );
}

function Pools({ group }: { readonly group: number }): ReactElement {
  const { data, error, refetch } = useQuery(usageQuery(group));
  if (error) return <FailedState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  if (data.length === 0) return <Text size="sm">{TEXTS.overview.noPools}</Text>;
  return (
    <Stack gap="lg">
      {data.map((usage) => (
        <UsageBar key={usage.pool.id} group={group} usage={usage} />
      ))}
    </Stack>
  );
}
