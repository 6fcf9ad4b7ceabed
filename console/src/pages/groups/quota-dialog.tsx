import { TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api } from '../../api/api.ts';
import { bytesText } from '../../shared/bytes.ts';
import { FormDialog } from '../../shared/form-dialog.tsx';
import { parseBytes } from '../../shared/parse-bytes.ts';
import { GROUP_TEXTS } from '../../texts/group-texts.ts';
import type { Assignment } from './group-queries.ts';

interface Props {
  readonly group: number;
  readonly assignment: Assignment;
  readonly onClose: () => void;
}

/** The quota of a group in a pool, as a person writes it. */
export function QuotaDialog({ group, assignment, onClose }: Props): ReactElement {
  const { pool, name, write, manage, quota } = assignment;
  const client = useQueryClient();
  const [text, setText] = useState(bytesText(quota));
  // An untouched text may be rounded.
  const wanted = text === bytesText(quota) ? quota : parseBytes(text);
  const save = useMutation({
    mutationFn: async (bytes: number) =>
      api.PUT('/v1/groups/{group}/assignments/{pool}', {
        params: { path: { group, pool } },
        body: { quota: bytes, write, manage },
      }),
    onSuccess: async (_answer, bytes) => {
      onClose();
      notifications.show({ message: GROUP_TEXTS.saved(bytes === 0 ? GROUP_TEXTS.noQuota : bytesText(bytes)) });
      await client.invalidateQueries({ queryKey: ['usage'] });
    },
  });
  return (
    <FormDialog
      title={GROUP_TEXTS.quotaTitle(name)}
      submit={GROUP_TEXTS.save}
      canSubmit={wanted !== null}
      action={save}
      onSubmit={() => {
        if (wanted !== null) save.mutate(wanted);
      }}
      onClose={onClose}
    >
      <TextInput
        label={GROUP_TEXTS.quota}
        description={GROUP_TEXTS.quotaHint}
        error={wanted === null && GROUP_TEXTS.quotaInvalid}
        value={text}
        data-autofocus
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
        }}
      />
    </FormDialog>
  );
}
