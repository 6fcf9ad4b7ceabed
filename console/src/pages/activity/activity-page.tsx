import { Badge, Group, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { useGroupsWith } from '../../session/groups.ts';
import { PagedTable, type Column } from '../../shared/list-table.tsx';
import { PageFrame } from '../../shared/page-frame.tsx';
import { RelativeTime } from '../../shared/relative-time.tsx';
import { ACTIVITY_TEXTS } from '../../texts/activity-texts.ts';
import { activityQuery, type AuditEvent } from './activity-query.ts';
import type { ActivitySearch } from './activity-search.ts';

const route = getRouteApi('/activity');
const TYPING_DELAY_MS = 400;
const SUBJECTS = ['media', 'server', 'user', 'group', 'pool', 'tag'] as const;

const COLUMNS: readonly Column<AuditEvent>[] = [
  { label: ACTIVITY_TEXTS.when, cell: ({ at }) => <RelativeTime at={at} /> },
  { label: ACTIVITY_TEXTS.what, kind: 'name', cell: ({ action }) => action },
  { label: ACTIVITY_TEXTS.subject, kind: 'name', cell: subjectOf },
  { label: ACTIVITY_TEXTS.by, kind: 'name', cell: byOf },
  { label: ACTIVITY_TEXTS.from, cell: ({ channel, address }) => [channel, address].filter(Boolean).join(', ') },
  {
    label: ACTIVITY_TEXTS.result,
    cell: ({ result }) => (
      <Badge tt="none" variant="light" color={result === 'done' ? 'petrol' : 'red'}>
        {result}
      </Badge>
    ),
  },
];

/** The audit events of the user, or of a group, the latest first. */
export function ActivityPage(): ReactElement {
  const search = route.useSearch();
  const query = useInfiniteQuery(activityQuery(search));
  return (
    <PageFrame title={ACTIVITY_TEXTS.title} about={ACTIVITY_TEXTS.about}>
      <Filters search={search} />
      <PagedTable
        label={ACTIVITY_TEXTS.title}
        query={query}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        empty={{ title: ACTIVITY_TEXTS.empty, about: ACTIVITY_TEXTS.emptyAbout }}
      />
    </PageFrame>
  );
}

function Filters({ search }: { readonly search: ActivitySearch }): ReactElement {
  const navigate = route.useNavigate();
  const groups = useGroupsWith('velocity.group.view');
  const [action, setAction] = useState(search.action ?? '');
  const set = (changed: Partial<Record<keyof ActivitySearch, unknown>>): void => {
    const next = Object.entries({ ...search, ...changed }).filter(([, value]) => value !== null && value !== '');
    void navigate({ search: Object.fromEntries(next), replace: true });
  };
  const find = useDebouncedCallback((typed: string) => {
    set({ action: typed });
  }, TYPING_DELAY_MS);
  return (
    <Group gap="sm">
      {groups.length > 0 && (
        <Select
          aria-label={ACTIVITY_TEXTS.group}
          placeholder={ACTIVITY_TEXTS.mine}
          clearable
          searchable
          w={200}
          data={groups.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={search.group === undefined ? null : String(search.group)}
          onChange={(group) => {
            set({ group: group === null ? null : Number(group) });
          }}
        />
      )}
      <TextInput
        aria-label={ACTIVITY_TEXTS.action}
        placeholder={ACTIVITY_TEXTS.action}
        w={220}
        value={action}
        onChange={({ currentTarget: { value } }) => {
          setAction(value);
          find(value.trim());
        }}
      />
      <Select
        aria-label={ACTIVITY_TEXTS.result}
        placeholder={ACTIVITY_TEXTS.anyResult}
        clearable
        w={140}
        data={[
          { value: 'done', label: ACTIVITY_TEXTS.done },
          { value: 'refused', label: ACTIVITY_TEXTS.refused },
        ]}
        value={search.result ?? null}
        onChange={(result) => {
          set({ result });
        }}
      />
      <Select
        aria-label={ACTIVITY_TEXTS.period}
        placeholder={ACTIVITY_TEXTS.always}
        clearable
        w={160}
        data={[
          { value: 'day', label: ACTIVITY_TEXTS.day },
          { value: 'week', label: ACTIVITY_TEXTS.week },
          { value: 'month', label: ACTIVITY_TEXTS.month },
        ]}
        value={search.period ?? null}
        onChange={(period) => {
          set({ period });
        }}
      />
    </Group>
  );
}

/** The most specific object of an event, by its name of that time. */
function subjectOf(event: AuditEvent): ReactElement | null {
  const kind = SUBJECTS.find((one) => event[one] !== null);
  const subject = kind === undefined ? null : event[kind];
  if (kind === undefined || subject === null) return null;
  const groupName = kind === 'group' || event.group === null ? null : event.group.name;
  return (
    <div>
      <Text size="sm">{subject.name ?? ACTIVITY_TEXTS.id(kind, String(subject.id))}</Text>
      {groupName !== null && (
        <Text size="xs" c="dimmed">
          {groupName}
        </Text>
      )}
    </div>
  );
}

function byOf({ by }: AuditEvent): string {
  if (by === null) return ACTIVITY_TEXTS.program;
  return by.name ?? (by.id === null ? ACTIVITY_TEXTS.program : ACTIVITY_TEXTS.id('user', String(by.id)));
}
