import { Alert, TextInput } from '@mantine/core';
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
import { LIBRARY_TEXTS } from '../../texts/library-texts.ts';
import type { LibraryDrive } from './library-query.ts';

/** A clone that was started on this page. */
export interface StartedClone {
  readonly name: string;
  readonly job: string;
}

interface Props {
  readonly drive: LibraryDrive;
  readonly onStart: (clone: StartedClone) => void;
  readonly onClose: () => void;
}

/** The name and the place of a clone of a library drive. */
export function CloneDriveDialog({ drive, onStart, onClose }: Props): ReactElement {
  const client = useQueryClient();
  const group = useDefaultGroup();
  const [name, setName] = useState(drive.name);
  const [wanted, setWanted] = useState<Destination | null>(null);
  const destination = useDestination(wanted ?? { group, pool: drive.pool });
  const clone = useMutation({
    mutationFn: async (to: { readonly group: number; readonly pool: number }) =>
      bodyOf(api.POST('/v1/library/{media}/clone', { params: { path: { media: drive.id } }, body: { name, ...to } })),
    onSuccess: async ({ id: job }) => {
      onStart({ name, job });
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'library' });
    },
  });
  return (
    <FormDialog
      title={LIBRARY_TEXTS.cloneTitle(drive.name)}
      submit={LIBRARY_TEXTS.clone}
      canSubmit={name !== '' && destination.group !== null && destination.pool !== null}
      action={clone}
      onSubmit={() => {
        const { group: to, pool } = destination;
        if (to !== null && pool !== null) clone.mutate({ group: to, pool });
      }}
      onClose={onClose}
    >
      {group === null && <Alert color="yellow">{LIBRARY_TEXTS.noGroup}</Alert>}
      <TextInput
        label={LIBRARY_TEXTS.name}
        value={name}
        data-autofocus
        onChange={({ currentTarget }) => {
          setName(currentTarget.value);
        }}
      />
      <DestinationFields destination={destination} change={setWanted} />
    </FormDialog>
  );
}
