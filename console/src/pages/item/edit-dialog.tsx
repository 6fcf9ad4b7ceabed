import { Autocomplete, Switch, Textarea, TextInput } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { FormDialog } from '../../shared/form-dialog.tsx';
import { ITEM_TEXTS } from '../../texts/item-texts.ts';
import type { ItemDetails } from './item-query.ts';
import { useEditItem, type Changes } from './use-edit-item.ts';

const TYPES = ['ISO', 'DISK', 'IPSW'];

interface Props {
  readonly item: ItemDetails;
  readonly onClose: () => void;
}

/** Name, description, type, flags. Sends only what changed, so that it undoes no other edit. */
export function EditDialog({ item, onClose }: Props): ReactElement {
  const [name, setName] = useState(item.name);
  const [description, setDescription] = useState(item.description ?? '');
  const [type, setType] = useState(item.type);
  const [isProtected, setProtected] = useState(item.protected);
  const [isReadOnly, setReadOnly] = useState(item.read_only);
  const edit = useEditItem(item);
  const changes: Changes = {
    ...(name !== item.name && { name }),
    ...(description !== (item.description ?? '') && { description: description === '' ? null : description }),
    ...(type !== item.type && { type }),
    ...(isProtected !== item.protected && { protected: isProtected }),
    ...(isReadOnly !== item.read_only && { read_only: isReadOnly }),
  };
  return (
    <FormDialog
      title={ITEM_TEXTS.editTitle}
      submit={ITEM_TEXTS.save}
      action={edit}
      canSubmit={name !== '' && Object.keys(changes).length > 0}
      onSubmit={() => {
        edit.mutate(changes, { onSuccess: onClose });
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
      <Textarea
        label={ITEM_TEXTS.description}
        autosize
        minRows={2}
        maxRows={8}
        value={description}
        onChange={({ currentTarget }) => {
          setDescription(currentTarget.value);
        }}
      />
      <Autocomplete label={ITEM_TEXTS.type} data={TYPES} value={type} onChange={setType} />
      <Switch
        label={ITEM_TEXTS.protected}
        description={ITEM_TEXTS.protectedAbout}
        checked={isProtected}
        onChange={({ currentTarget }) => {
          setProtected(currentTarget.checked);
        }}
      />
      <Switch
        label={ITEM_TEXTS.readOnly}
        description={ITEM_TEXTS.readOnlyAbout}
        checked={isReadOnly}
        onChange={({ currentTarget }) => {
          setReadOnly(currentTarget.checked);
        }}
      />
    </FormDialog>
  );
}
