import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, bodyOf } from '../../api/api.ts';
import { useGroupNames } from '../../session/groups.ts';
import { ConfirmDialog } from '../../shared/confirm-dialog.tsx';
import { PagedTable, type Column } from '../../shared/list-table.tsx';
import { PageFrame } from '../../shared/page-frame.tsx';
import { RelativeTime } from '../../shared/relative-time.tsx';
import { showError } from '../../shared/show-error.ts';
import { TEXTS } from '../../texts.ts';
import { ACCOUNT_TEXTS } from '../../texts/account-texts.ts';
import { CreateTokenDialog } from './create-token-dialog.tsx';
import { PasswordForm } from './password-form.tsx';

const tokensQuery = infiniteQueryOptions({
  queryKey: ['tokens'],
  queryFn: async ({ pageParam: cursor, signal }) =>
    bodyOf(
      api.GET('/v1/tokens', { params: { query: { sort: '-created', ...(cursor !== null && { cursor }) } }, signal }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor: next }) => next,
});

type Token = Awaited<ReturnType<NonNullable<typeof tokensQuery.queryFn>>>['items'][number];

/** The tokens and the password of the user. */
export function AccountPage(): ReactElement {
  const [isCreating, setCreating] = useState(false);
  return (
    <PageFrame title={ACCOUNT_TEXTS.title} about={ACCOUNT_TEXTS.about}>
      <Stack component="section" gap="sm" aria-labelledby="tokens">
        <Group justify="space-between">
          <Title order={2} size="h4" id="tokens">
            {ACCOUNT_TEXTS.tokens}
          </Title>
          <Button
            size="xs"
            onClick={() => {
              setCreating(true);
            }}
          >
            {ACCOUNT_TEXTS.create}
          </Button>
        </Group>
        <Tokens />
      </Stack>
      <Stack component="section" gap="sm" aria-labelledby="password">
        <div>
          <Title order={2} size="h4" id="password">
            {ACCOUNT_TEXTS.password}
          </Title>
          <Text size="sm" c="dimmed">
            {ACCOUNT_TEXTS.passwordAbout}
          </Text>
        </div>
        <PasswordForm />
      </Stack>
      {isCreating && (
        <CreateTokenDialog
          onClose={() => {
            setCreating(false);
          }}
        />
      )}
    </PageFrame>
  );
}

function Tokens(): ReactElement {
  const query = useInfiniteQuery(tokensQuery);
  const client = useQueryClient();
  const groupName = useGroupNames();
  const [revoking, setRevoking] = useState<Token | null>(null);
  const revoke = useMutation({
    mutationFn: async ({ id: token }: Token) => api.DELETE('/v1/tokens/{token}', { params: { path: { token } } }),
    onSuccess: async (_answer, { name }) => {
      setRevoking(null);
      notifications.show({ message: ACCOUNT_TEXTS.revoked(name) });
      await client.invalidateQueries({ queryKey: ['tokens'] });
    },
    onError: showError,
  });
  const columns: readonly Column<Token>[] = [
    { label: ACCOUNT_TEXTS.name, kind: 'name', cell: ({ name }) => name },
    { label: ACCOUNT_TEXTS.scope, cell: ({ scope }) => scope },
    {
      label: ACCOUNT_TEXTS.groups,
      kind: 'name',
      cell: ({ groups }) => groups?.map(groupName).join(', ') ?? ACCOUNT_TEXTS.allGroups,
    },
    { label: ACCOUNT_TEXTS.created, cell: ({ created_at: at }) => <RelativeTime at={at} /> },
    { label: ACCOUNT_TEXTS.lastUsed, cell: ({ last_used_at: at }) => timeOr(at, ACCOUNT_TEXTS.notUsed) },
    { label: ACCOUNT_TEXTS.expires, cell: ({ expires_at: at }) => timeOr(at, ACCOUNT_TEXTS.never) },
    {
      label: TEXTS.actions,
      cell: (token) => (
        <Button
          size="xs"
          variant="subtle"
          color="red"
          aria-label={ACCOUNT_TEXTS.revokeLabel(token.name)}
          onClick={() => {
            setRevoking(token);
          }}
        >
          {ACCOUNT_TEXTS.revoke}
        </Button>
      ),
    },
  ];
  return (
    <>
      <PagedTable
        label={ACCOUNT_TEXTS.tokens}
        query={query}
        columns={columns}
        keyOf={({ id }) => id}
        empty={{ title: ACCOUNT_TEXTS.empty, about: ACCOUNT_TEXTS.emptyAbout }}
      />
      <ConfirmDialog
        opened={revoking !== null}
        title={ACCOUNT_TEXTS.revokeTitle}
        confirm={ACCOUNT_TEXTS.revoke}
        isPending={revoke.isPending}
        onConfirm={() => {
          if (revoking !== null) revoke.mutate(revoking);
        }}
        onClose={() => {
          setRevoking(null);
        }}
      >
        {ACCOUNT_TEXTS.revokeAbout(revoking?.name ?? '')}
      </ConfirmDialog>
    </>
  );
}

function timeOr(at: string | null, otherwise: string): ReactElement | string {
  return at === null ? otherwise : <RelativeTime at={at} />;
}
