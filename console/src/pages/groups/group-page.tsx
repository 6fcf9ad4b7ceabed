import { Badge, Button, Group, Stack, Title, Tooltip } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { groupsQuery, useGroupNames, useMay } from '../../session/groups.ts';
import { bytesText } from '../../shared/bytes.ts';
import { ListTable, PagedTable, type Column } from '../../shared/list-table.tsx';
import { PageFrame } from '../../shared/page-frame.tsx';
import { PageLink } from '../../shared/page-link.tsx';
import { RelativeTime } from '../../shared/relative-time.tsx';
import { EmptyState, FailedState, LoadingState } from '../../shared/states.tsx';
import { TEXTS } from '../../texts.ts';
import { GROUP_TEXTS } from '../../texts/group-texts.ts';
import { chargesQuery, grantsQuery, quotasQuery, type Assignment, type Charge, type Grantee } from './group-queries.ts';
import { QuotaDialog } from './quota-dialog.tsx';

const route = getRouteApi('/groups/$group');

/** One group: its pools with quotas, what is counted in them, and who may what. */
export function GroupPage(): ReactElement {
  const { data, error, refetch } = useQuery(groupsQuery);
  const may = useMay();
  const id = Number(route.useParams().group);
  if (error) return <FailedState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  const group = data.find((one) => one.id === id);
  if (group === undefined) {
    return <EmptyState title={GROUP_TEXTS.missing}>{GROUP_TEXTS.missingAbout}</EmptyState>;
  }
  return (
    <PageFrame title={group.name} actions={<PageLink to="/groups">{GROUP_TEXTS.title}</PageLink>}>
      <Pools group={id} />
      {may('velocity.group.view', id) && (
        <Section title={GROUP_TEXTS.members}>
          <Members group={id} />
        </Section>
      )}
    </PageFrame>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactElement }): ReactElement {
  return (
    <Stack component="section" gap="sm" aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      {children}
    </Stack>
  );
}

function Pools({ group }: { readonly group: number }): ReactElement {
  const { data, error, refetch } = useQuery(quotasQuery(group));
  const may = useMay();
  const [editing, setEditing] = useState<Assignment | null>(null);
  const { pool } = route.useSearch();
  if (error) return <FailedState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  if (data.length === 0) return <EmptyState title={GROUP_TEXTS.noPools}>{GROUP_TEXTS.noPoolsAbout}</EmptyState>;
  const columns: readonly Column<Assignment>[] = [
    { label: GROUP_TEXTS.pool, kind: 'name', cell: ({ name }) => name },
    {
      label: GROUP_TEXTS.quota,
      kind: 'number',
      cell: ({ quota }) => (quota === 0 ? GROUP_TEXTS.noQuota : bytesText(quota)),
    },
    { label: GROUP_TEXTS.used, kind: 'number', cell: ({ used_bytes: used }) => bytesText(used) },
    {
      label: GROUP_TEXTS.free,
      kind: 'number',
      cell: ({ available_bytes: free }) => (free === null ? GROUP_TEXTS.noQuota : bytesText(free)),
    },
    {
      label: TEXTS.actions,
      cell: (assignment) => (
        <Group gap="sm">
          {may('velocity.pool.assign', group) && (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setEditing(assignment);
              }}
            >
              {GROUP_TEXTS.editQuota}
            </Button>
          )}
          {may('velocity.media.list', group) && (
            <PageLink
              to="/groups/$group"
              params={{ group: String(group) }}
              search={{ pool: assignment.pool }}
              replace
              size="sm"
            >
              {GROUP_TEXTS.ledger}
            </PageLink>
          )}
        </Group>
      ),
    },
  ];
  const chosen = data.find((one) => one.pool === pool);
  return (
    <>
      <Section title={GROUP_TEXTS.pools}>
        <ListTable label={GROUP_TEXTS.pools} rows={data} columns={columns} keyOf={(one) => one.pool} />
      </Section>
      {chosen !== undefined && (
        <Section title={GROUP_TEXTS.ledgerOf(chosen.name)}>
          <Ledger group={group} pool={chosen.pool} />
        </Section>
      )}
      {editing !== null && (
        <QuotaDialog
          group={group}
          assignment={editing}
          onClose={() => {
            setEditing(null);
          }}
        />
      )}
    </>
  );
}

function Ledger({ group, pool }: { readonly group: number; readonly pool: number }): ReactElement {
  const groupName = useGroupNames();
  const columns: readonly Column<Charge>[] = [
    { label: GROUP_TEXTS.item, kind: 'name', cell: ({ name }) => name },
    { label: GROUP_TEXTS.size, kind: 'number', cell: ({ size }) => bytesText(size) },
    { label: GROUP_TEXTS.group, kind: 'name', cell: (charge) => groupName(charge.group) },
    { label: GROUP_TEXTS.kind, cell: ({ kind }) => kind },
    { label: GROUP_TEXTS.by, kind: 'name', cell: ({ created_by: by }) => by?.name ?? GROUP_TEXTS.unknown },
    { label: GROUP_TEXTS.created, cell: ({ created_at: at }) => <RelativeTime at={at} /> },
  ];
  return (
    <PagedTable
      label={GROUP_TEXTS.ledger}
      query={useInfiniteQuery(chargesQuery(group, pool))}
      columns={columns}
      keyOf={({ id }) => id}
      empty={{ title: GROUP_TEXTS.noCharges, about: GROUP_TEXTS.noChargesAbout }}
    />
  );
}

function Members({ group }: { readonly group: number }): ReactElement {
  const groupName = useGroupNames();
  const columns: readonly Column<Grantee>[] = [
    { label: GROUP_TEXTS.user, kind: 'name', cell: ({ name }) => name },
    {
      label: GROUP_TEXTS.granted,
      cell: ({ grants }) => (
        <Group gap={4}>
          {grants
            .filter((grant) => grant.group === group)
            .map(({ permission }) => (
              <Badge key={permission} tt="none" variant="light">
                {shortName(permission)}
              </Badge>
            ))}
        </Group>
      ),
    },
    {
      label: GROUP_TEXTS.inherited,
      cell: ({ grants }) => (
        <Group gap={4}>
          {grants
            .filter((grant) => grant.group !== group)
            .map(({ permission, group: from }) => (
              <Tooltip key={`${permission} ${String(from)}`} label={GROUP_TEXTS.from(permission, groupName(from))}>
                <Badge tt="none" variant="light" color="gray">
                  {GROUP_TEXTS.from(shortName(permission), groupName(from))}
                </Badge>
              </Tooltip>
            ))}
        </Group>
      ),
    },
  ];
  return (
    <PagedTable
      label={GROUP_TEXTS.members}
      query={useInfiniteQuery(grantsQuery(group))}
      columns={columns}
      keyOf={({ id }) => id}
      empty={{ title: GROUP_TEXTS.noMembers, about: GROUP_TEXTS.noMembersAbout }}
    />
  );
}

function shortName(permission: string): string {
  return permission.replace(/^velocity\./, '');
}
