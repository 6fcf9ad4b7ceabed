import { Group, Select } from '@mantine/core';
import type { ReactElement } from 'react';
import { useAssignedPools } from '../session/assignments.ts';
import { useGroupsWith } from '../session/groups.ts';
import { useSession } from '../session/session.ts';
import { TEXTS } from '../texts.ts';

/** Where an item goes; null while there is no choice. */
export interface Destination {
  readonly group: number | null;
  readonly pool: number | null;
}

/**
 * Returns the group in which a user creates items unless told otherwise: the preferred one if that
 * is allowed, else the home group, else the first by name.
 */
export function useDefaultGroup(preferred?: number): number | null {
  const { home } = useSession();
  const groups = useGroupsWith('velocity.media.create');
  const found = [preferred, home].find((id) => groups.some((group) => group.id === id));
  return found ?? groups[0]?.id ?? null;
}

/** Returns the destination with a pool that its group manages: the chosen one, else the first. */
export function useDestination({ group, pool }: Destination): Destination {
  const pools = useAssignedPools(group).filter(({ manage }) => manage);
  return { group, pool: pools.some((one) => one.pool === pool) ? pool : (pools[0]?.pool ?? null) };
}

interface Props {
  readonly destination: Destination;
  readonly change: (next: Destination) => void;
}

/** The groups in which the user may create items, and the pools that the chosen one manages. */
export function DestinationFields({ destination: { group, pool }, change }: Props): ReactElement {
  const groups = useGroupsWith('velocity.media.create');
  const pools = useAssignedPools(group).filter(({ manage }) => manage);
  return (
    <Group grow align="flex-start">
      <Select
        label={TEXTS.media.group}
        searchable
        allowDeselect={false}
        data={groups.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={group === null ? null : String(group)}
        onChange={(value) => {
          change({ group: value === null ? null : Number(value), pool });
        }}
      />
      <Select
        label={TEXTS.media.pool}
        allowDeselect={false}
        data={pools.map(({ pool: id, name }) => ({ value: String(id), label: name }))}
        value={pool === null ? null : String(pool)}
        onChange={(value) => {
          change({ group, pool: value === null ? null : Number(value) });
        }}
      />
    </Group>
  );
}
