import { TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, bodyOf } from '../../api/api.ts';
import {
  DestinationFields,
  useDefaultGroup,
  useDestination,
  type Destination,
} from '../../shared/destination-fields.tsx';
import { FormDialog } from '../../shared/form-dialog.tsx';
import { ITEM_TEXTS } from '../../texts/item-texts.ts';
import { isAboutMedia } from '../media/media-query.ts';
import type { ItemDetails } from './item-query.ts';

interface Props {
  readonly item: ItemDetails;
  /** Called with the job of the clone. */
  readonly follow: (job: string) => void;
  readonly onClose: () => void;
}

/** A clone of the item, by default beside it. */
export function CloneDialog({ item, follow, onClose }: Props): ReactElement {
  const client = useQueryClient();
  const group = useDefaultGroup(item.group);
  const [name, setName] = useState(ITEM_TEXTS.cloneName(item.name));
  const [wanted, setWanted] = useState<Destination | null>(null);
  const destination = useDestination(wanted ?? { group, pool: item.pool });
  const clone = useMutation({
    mutationFn: async (to: { readonly group: number; readonly pool: number }) =>
      bodyOf(api.POST('/v1/media/{media}/clone', { params: { path: { media: item.id } }, body: { name, ...to } })),
    onSuccess: async ({ id }) => {
      notifications.show({ message: ITEM_TEXTS.cloneStarted(name) });
      follow(id);
      onClose();
      await client.invalidateQueries({ predicate: isAboutMedia });
    },
  });
  return (
    <FormDialog
      title={ITEM_TEXTS.cloneTitle}
      submit={ITEM_TEXTS.clone}
      action={clone}
      canSubmit={name !== '' && destination.group !== null && destination.pool !== null}
      onSubmit={() => {
        const { group: into, pool } = destination;
        if (into !== null && pool !== null) clone.mutate({ group: into, pool });
      }}
      onClose={onClose}
    >
      <TextInput
        label={ITEM_TEXTS.name}
        data-autofocus
        value={name}
        onChange={({ currentTarget }) => {
          setName(currentTarget.value);
        }}
      />
      <DestinationFields destination={destination} change={setWanted} />
    </FormDialog>
  );
}
