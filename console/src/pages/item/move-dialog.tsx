import { Text } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { DestinationFields, useDestination, type Destination } from '../../shared/destination-fields.tsx';
import { FormDialog } from '../../shared/form-dialog.tsx';
import { ITEM_TEXTS } from '../../texts/item-texts.ts';
import type { ItemDetails } from './item-query.ts';
import { useEditItem } from './use-edit-item.ts';

interface Props {
  readonly item: ItemDetails;
  /** Called with the job that carries the bytes to another pool. */
  readonly follow: (job: string) => void;
  readonly onClose: () => void;
}

/** Another group or pool for the item. */
export function MoveDialog({ item, follow, onClose }: Props): ReactElement {
  const [wanted, setWanted] = useState<Destination>(item);
  const destination = useDestination(wanted);
  const { group, pool } = destination;
  const edit = useEditItem(item);
  return (
    <FormDialog
      title={ITEM_TEXTS.moveTitle}
      submit={ITEM_TEXTS.move}
      action={edit}
      canSubmit={pool !== null && (group !== item.group || pool !== item.pool)}
      onSubmit={() => {
        const changes = {
          ...(group !== null && group !== item.group && { group }),
          ...(pool !== null && pool !== item.pool && { pool }),
        };
        edit.mutate(changes, {
          onSuccess: (answer) => {
            if ('operation' in answer && 'id' in answer) follow(String(answer.id));
            onClose();
          },
        });
      }}
      onClose={onClose}
    >
      <Text size="sm">{ITEM_TEXTS.moveAbout}</Text>
      <DestinationFields destination={destination} change={setWanted} />
    </FormDialog>
  );
}
