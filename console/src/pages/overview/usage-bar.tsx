import { Alert, Badge, ColorSwatch, Group, Progress, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { bytesText } from '../../shared/bytes.ts';
import { useGroupNames } from '../../session/groups.ts';
import { TEXTS } from '../../texts.ts';
import type { PoolUsage } from './usage-query.ts';

const PARTS = [
  { key: 'ready_bytes', label: TEXTS.overview.ready, color: 'petrol' },
  { key: 'uploading_bytes', label: TEXTS.overview.uploading, color: 'blue' },
  { key: 'cloning_bytes', label: TEXTS.overview.cloning, color: 'violet' },
  { key: 'importing_bytes', label: TEXTS.overview.importing, color: 'orange' },
  { key: 'trashed_bytes', label: TEXTS.overview.trashed, color: 'gray' },
] as const;

interface Props {
  readonly group: number;
  readonly usage: PoolUsage;
}

/** One pool: what is used, by kind, what is free, and which limit is the nearest. */
export function UsageBar({ group, usage }: Props): ReactElement {
  const nameOf = useGroupNames();
  const { pool, used, available_bytes: available, bound_by: boundBy, warning, difference_bytes: difference } = usage;
  const limit = available === null ? null : used.total_bytes + available;
  const parts = PARTS.filter(({ key }) => used[key] > 0);
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Text fw={600}>{pool.name}</Text>
          {warning !== null && (
            <Badge tt="none" color={warning === 95 ? 'red' : 'yellow'} variant="light">
              {TEXTS.overview.warning(warning)}
            </Badge>
          )}
        </Group>
        <Text size="sm" className="number">
          {limit === null
            ? TEXTS.overview.usedUnlimited(bytesText(used.total_bytes))
            : TEXTS.overview.used(bytesText(used.total_bytes), bytesText(limit))}
        </Text>
      </Group>
      <Progress.Root size="lg" aria-hidden>
        {parts.map(({ key, color }) => (
          <Progress.Section key={key} value={percentage(used[key], limit ?? used.total_bytes)} color={color} />
        ))}
      </Progress.Root>
      <Group gap="md">
        {parts.map(({ key, label, color }) => (
          <Legend key={key} color={color} text={`${bytesText(used[key])} ${label}`} />
        ))}
        {available !== null && (
          <Text size="xs" c="dimmed">
            {bytesText(available)} {TEXTS.overview.free}
          </Text>
        )}
      </Group>
      {boundBy !== null && (
        <Text size="xs" c="dimmed">
          {boundBy.group === null ? TEXTS.overview.boundByPool : TEXTS.overview.boundByGroup(nameOf(boundBy.group))}
        </Text>
      )}
      {difference !== 0 && <Alert color="red">{TEXTS.overview.difference(nameOf(group), pool.name)}</Alert>}
    </Stack>
  );
}

function Legend({ color, text }: { readonly color: string; readonly text: string }): ReactElement {
  return (
    <Group gap={6} wrap="nowrap">
      <ColorSwatch color={`var(--mantine-color-${color}-filled)`} size={10} withShadow={false} aria-hidden />
      <Text size="xs">{text}</Text>
    </Group>
  );
}

function percentage(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 100;
}
