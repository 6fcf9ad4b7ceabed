import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { groupsQuery, type Group } from '../../session/groups.ts';
import { useSession } from '../../session/session.ts';
import { ListTable, type Column } from '../../shared/list-table.tsx';
import { PageFrame } from '../../shared/page-frame.tsx';
import { PageLink } from '../../shared/page-link.tsx';
import { EmptyState, FailedState, LoadingState } from '../../shared/states.tsx';
import { GROUP_TEXTS } from '../../texts/group-texts.ts';

const INDENT_PX = 20;
const MAX_INDENTS = 8;

/** The groups that the user sees, as a tree. */
export function GroupsPage(): ReactElement {
  return (
    <PageFrame title={GROUP_TEXTS.title} about={GROUP_TEXTS.about}>
      <Tree />
    </PageFrame>
  );
}

function Tree(): ReactElement {
  const { data, error, refetch } = useQuery(groupsQuery);
  const { groups } = useSession();
  const held = new Map(groups.map(({ id, permissions }) => [id, permissions.length]));
  if (error) return <FailedState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  if (data.length === 0) return <EmptyState title={GROUP_TEXTS.empty}>{GROUP_TEXTS.emptyAbout}</EmptyState>;
  const columns: readonly Column<Group>[] = [
    {
      label: GROUP_TEXTS.name,
      kind: 'name',
      cell: ({ id, name, path }) => (
        <PageLink
          to="/groups/$group"
          params={{ group: String(id) }}
          size="sm"
          style={{ marginInlineStart: Math.min(path.length - 1, MAX_INDENTS) * INDENT_PX }}
        >
          {name}
        </PageLink>
      ),
    },
    { label: GROUP_TEXTS.id, kind: 'number', cell: ({ id }) => id },
    { label: GROUP_TEXTS.yours, cell: ({ id }) => GROUP_TEXTS.permissions(held.get(id) ?? 0) },
  ];
  return <ListTable label={GROUP_TEXTS.title} rows={inTreeOrder(data)} columns={columns} keyOf={({ id }) => id} />;
}

/** Returns the groups each below its parent; siblings stay in their order. */
function inTreeOrder(groups: readonly Group[]): readonly Group[] {
  const ids = new Set(groups.map(({ id }) => id));
  const children = Map.groupBy(groups, ({ id, parent }) => (id !== parent && ids.has(parent) ? parent : null));
  const below = (parent: number | null): readonly Group[] =>
    (children.get(parent) ?? []).flatMap((group) => [group, ...below(group.id)]);
  return below(null);
}
