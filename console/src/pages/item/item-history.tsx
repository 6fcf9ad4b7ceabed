import { Badge, Button, Table, Text } from '@mantine/core';
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, bodyOf } from '../../api/api.ts';
import { useMay } from '../../session/groups.ts';
import { RelativeTime } from '../../shared/relative-time.tsx';
import { EmptyState, FailedState, LoadingState } from '../../shared/states.tsx';
import { TEXTS } from '../../texts.ts';
import { ITEM_TEXTS } from '../../texts/item-texts.ts';

function historyQuery(media: string, group: number | null) {
  const query = { media, ...(group !== null && { group }) };
  return infiniteQueryOptions({
    queryKey: ['audit', query],
    queryFn: async ({ pageParam: cursor, signal }) =>
      bodyOf(api.GET('/v1/audit', { params: { query: { ...query, ...(cursor !== null && { cursor }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
  });
}

interface Props {
  readonly media: string;
  readonly group: number;
}

/** What happened to an item, the latest first; without the right to more, by the user alone. */
export function ItemHistory({ media, group }: Props): ReactElement {
  const may = useMay();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    historyQuery(media, may('velocity.group.view', group) ? group : null),
  );
  if (error) return <FailedState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  const events = data.pages.flatMap(({ items }) => items);
  if (events.length === 0) return <EmptyState title={ITEM_TEXTS.noHistory}>{ITEM_TEXTS.noHistoryAbout}</EmptyState>;
  return (
    <>
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{ITEM_TEXTS.when}</Table.Th>
              <Table.Th>{ITEM_TEXTS.what}</Table.Th>
              <Table.Th>{ITEM_TEXTS.who}</Table.Th>
              <Table.Th>{ITEM_TEXTS.result}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {events.map(({ id, at, action, by, channel, result }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <RelativeTime at={at} />
                </Table.Td>
                <Table.Td>{ITEM_TEXTS.action[action] ?? action}</Table.Td>
                <Table.Td className="long-name">
                  {by === null ? ITEM_TEXTS.program : (by.name ?? String(by.id))}{' '}
                  <Text span size="xs" c="dimmed">
                    {ITEM_TEXTS.through(channel)}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Badge tt="none" variant="light" color={result === 'done' ? 'green' : 'red'}>
                    {result}
                  </Badge>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {TEXTS.more}
        </Button>
      )}
    </>
  );
}
