import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, bodyOf } from '../../api/api.ts';
import { useGroupNames } from '../../session/groups.ts';
import { bytesText } from '../../shared/bytes.ts';
import { ConfirmDialog } from '../../shared/confirm-dialog.tsx';
import { PagedTable, type Column } from '../../shared/list-table.tsx';
import { PageFrame } from '../../shared/page-frame.tsx';
import { RelativeTime } from '../../shared/relative-time.tsx';
import { showError } from '../../shared/show-error.ts';
import { TEXTS } from '../../texts.ts';

const trashQuery = infiniteQueryOptions({
  queryKey: ['trash'],
  queryFn: async ({ pageParam: cursor, signal }) =>
    bodyOf(
      api.GET('/v1/trash', {
        params: { query: { sort: '-trashed', ...(cursor !== null && { cursor }) } },
        signal,
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor: next }) => next,
});

type Trashed = Awaited<ReturnType<NonNullable<typeof trashQuery.queryFn>>>['items'][number];

/** Deleted items, the latest first, with restore and purge. */
export function TrashPage(): ReactElement {
  const query = useInfiniteQuery(trashQuery);
  const client = useQueryClient();
  const groupName = useGroupNames();
  const [purging, setPurging] = useState<Trashed | null>(null);
  const refresh = async (): Promise<void> => client.invalidateQueries();
  const restore = useMutation({
    mutationFn: async ({ id: media }: Trashed) =>
      api.POST('/v1/trash/{media}/restore', { params: { path: { media } }, body: {} }),
    onSuccess: async (_answer, { name }) => {
      notifications.show({ message: TEXTS.trash.restored(name) });
      await refresh();
    },
    onError: showError,
  });
  const purge = useMutation({
    mutationFn: async ({ id: media }: Trashed) => api.DELETE('/v1/trash/{media}', { params: { path: { media } } }),
    onSuccess: async (_answer, { name }) => {
      setPurging(null);
      notifications.show({ message: TEXTS.trash.purged(name) });
      await refresh();
    },
    onError: showError,
  });
  const columns: readonly Column<Trashed>[] = [
    { label: TEXTS.media.name, kind: 'name', cell: ({ name }) => name },
    { label: TEXTS.media.group, kind: 'name', cell: ({ group }) => groupName(group) },
    { label: TEXTS.media.size, kind: 'number', cell: ({ size }) => bytesText(size) },
    { label: TEXTS.trash.trashed, cell: ({ trashed_at: at }) => <RelativeTime at={at} /> },
    { label: TEXTS.trash.expires, cell: ({ expires_at: at }) => <RelativeTime at={at} /> },
    {
      label: TEXTS.actions,
      cell: (item) => (
        <Group gap="xs" wrap="nowrap">
          <Button
            size="xs"
            variant="light"
            loading={restore.isPending && restore.variables.id === item.id}
            onClick={() => {
              restore.mutate(item);
            }}
          >
            {TEXTS.trash.restore}
          </Button>
          <Button
            size="xs"
            variant="subtle"
            color="red"
            onClick={() => {
              setPurging(item);
            }}
          >
            {TEXTS.trash.purge}
          </Button>
        </Group>
      ),
    },
  ];
  return (
    <PageFrame title={TEXTS.trash.title} about={TEXTS.trash.about}>
      <PagedTable
        label={TEXTS.trash.title}
        query={query}
        columns={columns}
        keyOf={({ id }) => id}
        empty={{ title: TEXTS.trash.empty, about: TEXTS.trash.emptyAbout }}
      />
      <ConfirmDialog
        opened={purging !== null}
        title={TEXTS.trash.purgeTitle}
        confirm={TEXTS.trash.purge}
        isPending={purge.isPending}
        onConfirm={() => {
          if (purging !== null) purge.mutate(purging);
        }}
        onClose={() => {
          setPurging(null);
        }}
      >
        {TEXTS.trash.purgeAbout(purging?.name ?? '')}
      </ConfirmDialog>
    </PageFrame>
  );
}
