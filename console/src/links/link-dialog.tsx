import { Select, TagsInput, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, bodyOf } from '../api/api.ts';
import { FormDialog } from '../shared/form-dialog.tsx';
import { LINK_TEXTS } from '../texts/link-texts.ts';
import { NewLink } from './new-link.tsx';

const DEFAULT_EXPIRY = '86400';

interface Props {
  readonly media: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** Creates a link to an item, and then shows its URL, which nothing shows again. */
export function LinkDialog({ media, name, onClose }: Props): ReactElement {
  const client = useQueryClient();
  const [expiry, setExpiry] = useState(DEFAULT_EXPIRY);
  const [networks, setNetworks] = useState<string[]>([]);
  const [note, setNote] = useState('');
  const create = useMutation({
    mutationFn: async () =>
      bodyOf(
        api.POST('/v1/media/{media}/links', {
          params: { path: { media } },
          body: { expires_in: Number(expiry), networks, note },
        }),
      ),
    onSuccess: async () => client.invalidateQueries({ queryKey: ['links', media] }),
  });
  if (create.data !== undefined) return <NewLink path={create.data.url} onClose={onClose} />;
  return (
    <FormDialog
      title={LINK_TEXTS.title}
      submit={LINK_TEXTS.submit}
      action={create}
      onSubmit={create.mutate}
      onClose={onClose}
    >
      <Text size="sm" className="plain-text">
        {name}
      </Text>
      <Text size="sm" c="dimmed">
        {LINK_TEXTS.about}
      </Text>
      <Select
        label={LINK_TEXTS.expiry}
        allowDeselect={false}
        data={[...LINK_TEXTS.expiries]}
        value={expiry}
        onChange={(value) => {
          setExpiry(value ?? DEFAULT_EXPIRY);
        }}
      />
      <TagsInput
        label={LINK_TEXTS.networks}
        description={LINK_TEXTS.networksHint}
        acceptValueOnBlur
        value={networks}
        onChange={setNetworks}
      />
      <TextInput
        label={LINK_TEXTS.note}
        description={LINK_TEXTS.noteHint}
        value={note}
        onChange={({ currentTarget }) => {
          setNote(currentTarget.value);
        }}
      />
    </FormDialog>
  );
}
