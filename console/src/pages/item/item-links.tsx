import { Button, Group, Stack, Table } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, bodyOf } from '../../api/api.ts';
import { LinkDialog } from '../../links/link-dialog.tsx';
import { bytesText } from '../../shared/bytes.ts';
import { errorText } from '../../shared/error-text.ts';
import { RelativeTime } from '../../shared/relative-time.tsx';
import { EmptyState, FailedState, LoadingState } from '../../shared/states.tsx';
import { TEXTS } from '../../texts.ts';
import { LINK_TEXTS } from '../../texts/link-texts.ts';

function linksQuery(media: string) {
  return queryOptions({
    queryKey: ['links', media],
    queryFn: async ({ signal }) =>
      (await bodyOf(api.GET('/v1/media/{media}/links', { params: { path: { media } }, signal }))).items,
    refetchInterval: 5_000,
  });
}

type Link = Awaited<ReturnType<NonNullable<ReturnType<typeof linksQuery>['queryFn']>>>[number];

interface Props {
  readonly media: string;
  readonly name: string;
}

/** The links of an item with their use; each can be revoked. */
export function ItemLinks({ media, name }: Props): ReactElement {
  const [isOpen, setOpen] = useState(false);
  return (
    <Stack align="flex-start">
      <Button
        size="xs"
        onClick={() => {
          setOpen(true);
        }}
      >
        {LINK_TEXTS.create}
      </Button>
      <Links media={media} />
      {isOpen && (
        <LinkDialog
          media={media}
          name={name}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </Stack>
  );
}

function Links({ media }: { readonly media: string }): ReactElement {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(linksQuery(media));
  const revoke = useMutation({
    mutationFn: async (link: string) =>
      api.DELETE('/v1/media/{media}/links/{link}', { params: { path: { media, link } } }),
    onSuccess: async () => {
      notifications.show({ message: LINK_TEXTS.revoked });
      await client.invalidateQueries({ queryKey: ['links', media] });
    },
    onError: (failure) => {
      notifications.show({ color: 'red', message: errorText(failure) });
    },
  });
  if (error) return <FailedState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  if (data.length === 0) {
    return (
      <Group w="100%" justify="center">
        <EmptyState title={LINK_TEXTS.empty}>{LINK_TEXTS.emptyAbout}</EmptyState>
      </Group>
    );
  }
  return (
    <Table.ScrollContainer minWidth={680} w="100%">
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{LINK_TEXTS.note}</Table.Th>
            <Table.Th>{LINK_TEXTS.from}</Table.Th>
            <Table.Th>{LINK_TEXTS.created}</Table.Th>
            <Table.Th>{LINK_TEXTS.expires}</Table.Th>
            <Table.Th>{LINK_TEXTS.lastUsed}</Table.Th>
            <Table.Th className="number">{LINK_TEXTS.served}</Table.Th>
            <Table.Th>{TEXTS.actions}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.map((link) => (
            <Row
              key={link.id}
              link={link}
              isBusy={revoke.isPending && revoke.variables === link.id}
              revoke={() => {
                revoke.mutate(link.id);
              }}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RowProps {
  readonly link: Link;
  readonly isBusy: boolean;
  readonly revoke: () => void;
}

function Row({ link, isBusy, revoke }: RowProps): ReactElement {
  const note = link.note === '' ? LINK_TEXTS.noNote : link.note;
  return (
    <Table.Tr>
      <Table.Td className="long-name">{note}</Table.Td>
      <Table.Td>{link.networks.length === 0 ? LINK_TEXTS.fromEverywhere : link.networks.join(', ')}</Table.Td>
      <Table.Td>
        <RelativeTime at={link.created_at} />
      </Table.Td>
      <Table.Td>
        <RelativeTime at={link.expires_at} />
      </Table.Td>
      <Table.Td>{link.last_used_at === null ? LINK_TEXTS.never : <RelativeTime at={link.last_used_at} />}</Table.Td>
      <Table.Td className="number">{bytesText(link.bytes_served)}</Table.Td>
      <Table.Td>
        <Button
          size="xs"
          variant="subtle"
          color="red"
          loading={isBusy}
          aria-label={LINK_TEXTS.revokeOne(note)}
          onClick={revoke}
        >
          {LINK_TEXTS.revoke}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
