import { Button, Code, CopyButton, Group, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, bodyOf } from '../../api/api.ts';
import { useGroups } from '../../session/groups.ts';
import { Dialog } from '../../shared/dialog.tsx';
import { FormDialog } from '../../shared/form-dialog.tsx';
import { ACCOUNT_TEXTS } from '../../texts/account-texts.ts';

const SCOPES = ['read', 'write', 'admin'] as const;
const DAY_MS = 86_400_000;
const LIFETIMES_DAYS = { day: 1, month: 30, year: 365, never: null } as const;

type Scope = (typeof SCOPES)[number];
type Lifetime = keyof typeof LIFETIMES_DAYS;

/** Creates a token, and then shows its secret. */
export function CreateTokenDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const client = useQueryClient();
  const groups = useGroups();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Scope>('read');
  const [reached, setReached] = useState<readonly string[]>([]);
  const [lifetime, setLifetime] = useState<Lifetime>('month');
  const create = useMutation({
    mutationFn: async () => {
      const days = LIFETIMES_DAYS[lifetime];
      const body = {
        name,
        scope,
        groups: reached.length === 0 ? null : reached.map(Number),
        expires_at: days === null ? null : new Date(Date.now() + days * DAY_MS).toISOString(),
      };
      return bodyOf(api.POST('/v1/tokens', { body }));
    },
    onSuccess: async () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  if (create.data !== undefined) return <Secret secret={create.data.token} onClose={onClose} />;
  return (
    <FormDialog
      title={ACCOUNT_TEXTS.create}
      submit={ACCOUNT_TEXTS.create}
      canSubmit={name.trim() !== ''}
      action={create}
      onSubmit={() => {
        create.mutate();
      }}
      onClose={onClose}
    >
      <TextInput
        label={ACCOUNT_TEXTS.name}
        description={ACCOUNT_TEXTS.nameHint}
        value={name}
        data-autofocus
        onChange={({ currentTarget }) => {
          setName(currentTarget.value);
        }}
      />
      <Select
        label={ACCOUNT_TEXTS.scope}
        allowDeselect={false}
        data={SCOPES.map((value) => ({ value, label: ACCOUNT_TEXTS.scopes[value] }))}
        value={scope}
        onChange={(value) => {
          if (value !== null) setScope(value);
        }}
      />
      <MultiSelect
        label={ACCOUNT_TEXTS.groups}
        description={ACCOUNT_TEXTS.groupsHint}
        {...(reached.length === 0 && { placeholder: ACCOUNT_TEXTS.allGroups })}
        searchable
        data={groups.map(({ id, name: label }) => ({ value: String(id), label }))}
        value={[...reached]}
        onChange={setReached}
      />
      <Select
        label={ACCOUNT_TEXTS.expires}
        allowDeselect={false}
        data={(['day', 'month', 'year', 'never'] as const).map((value) => ({
          value,
          label: ACCOUNT_TEXTS.expiry[value],
        }))}
        value={lifetime}
        onChange={(value) => {
          if (value !== null) setLifetime(value);
        }}
      />
    </FormDialog>
  );
}

/** Shows the secret until the user says that it is copied; no other way out loses it. */
function Secret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }): ReactElement {
  return (
    <Dialog opened onClose={onClose} canClose={false} title={ACCOUNT_TEXTS.secretTitle}>
      <Stack>
        <Text size="sm">{ACCOUNT_TEXTS.secretAbout}</Text>
        <Code block className="long-text">
          {secret}
        </Code>
        <Group justify="flex-end">
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? ACCOUNT_TEXTS.copied : ACCOUNT_TEXTS.copy}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{ACCOUNT_TEXTS.done}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
