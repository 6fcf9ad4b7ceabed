import { Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, bodyOf } from '../../api/api.ts';
import { useGroupNames } from '../../session/groups.ts';
import { bytesText } from '../../shared/bytes.ts';
import { Dialog } from '../../shared/dialog.tsx';
import { errorText } from '../../shared/error-text.ts';
import { RelativeTime } from '../../shared/relative-time.tsx';
import { EmptyState, FailedState, LoadingState } from '../../shared/states.tsx';
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
  return (
    <Stack gap="md">
      <div>
        <Title order={1} size="h2">
          {TEXTS.trash.title}
        </Title>
        <Text c="dimmed" size="sm">
          {TEXTS.trash.about}
        </Text>
      </div>
      <Items />
    </Stack>
  );
}

function Items(): ReactElement {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(trashQuery);
  const client = useQueryClient();
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
  if (error) return <FailedState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <EmptyState title={TEXTS.trash.empty}>{TEXTS.trash.emptyAbout}</EmptyState>;
  return (
    <>
      <Table.ScrollContainer minWidth={640}>
        <Table verticalSpacing="xs" highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{TEXTS.media.name}</Table.Th>
              <Table.Th>{TEXTS.media.group}</Table.Th>
              <Table.Th className="number">{TEXTS.media.size}</Table.Th>
              <Table.Th>{TEXTS.trash.trashed}</Table.Th>
              <Table.Th>{TEXTS.trash.expires}</Table.Th>
              <Table.Th>{TEXTS.actions}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item) => (
              <Row
                key={item.id}
                item={item}
                isBusy={restore.isPending && restore.variables.id === item.id}
                restore={() => {
                  restore.mutate(item);
                }}
                purge={() => {
                  setPurging(item);
                }}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {TEXTS.jobs.more}
        </Button>
      )}
      <Dialog
        opened={purging !== null}
        onClose={() => {
          setPurging(null);
        }}
        title={TEXTS.trash.purgeTitle}
      >
        <Stack>
          <Text>{TEXTS.trash.purgeAbout(purging?.name ?? '')}</Text>
          <Group justify="flex-end">
            <Button
              variant="default"
              data-autofocus
              onClick={() => {
                setPurging(null);
              }}
            >
              {TEXTS.cancel}
            </Button>
            <Button
              color="red"
              loading={purge.isPending}
              onClick={() => {
                if (purging !== null) purge.mutate(purging);
              }}
            >
              {TEXTS.trash.purge}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}

interface RowProps {
  readonly item: Trashed;
  readonly isBusy: boolean;
  readonly restore: () => void;
  readonly purge: () => void;
}

function Row({ item, isBusy, restore, purge }: RowProps): ReactElement {
  const groupName = useGroupNames();
  return (
    <Table.Tr>
      <Table.Td className="long-name">{item.name}</Table.Td>
      <Table.Td>{groupName(item.group)}</Table.Td>
      <Table.Td className="number">{bytesText(item.size)}</Table.Td>
      <Table.Td>
        <RelativeTime at={item.trashed_at} />
      </Table.Td>
      <Table.Td>
        <RelativeTime at={item.expires_at} />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Button size="xs" variant="light" loading={isBusy} onClick={restore}>
            {TEXTS.trash.restore}
          </Button>
          <Button size="xs" variant="subtle" color="red" onClick={purge}>
            {TEXTS.trash.purge}
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function showError(error: unknown): void {
  notifications.show({ color: 'red', message: errorText(error) });
}
