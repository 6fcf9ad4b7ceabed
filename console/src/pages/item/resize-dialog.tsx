import { Text } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { bytesText } from '../../shared/bytes.ts';
import { FormDialog } from '../../shared/form-dialog.tsx';
import { parseBytes } from '../../shared/parse-bytes.ts';
import { SizeInput } from '../../shared/size-input.tsx';
import { ITEM_TEXTS } from '../../texts/item-texts.ts';
import type { ItemDetails } from './item-query.ts';
import { useEditItem } from './use-edit-item.ts';

interface Props {
  readonly item: ItemDetails;
  readonly onClose: () => void;
}

/** Another size of the item. */
export function ResizeDialog({ item, onClose }: Props): ReactElement {
  const [text, setText] = useState('');
  const size = parseBytes(text);
  const edit = useEditItem(item);
  return (
    <FormDialog
      title={ITEM_TEXTS.resizeTitle}
      submit={ITEM_TEXTS.resize}
      action={edit}
      canSubmit={size !== null && size !== item.size}
      onSubmit={() => {
        if (size !== null) edit.mutate({ size }, { onSuccess: onClose });
      }}
      onClose={onClose}
    >
      <Text size="sm">
        {ITEM_TEXTS.size}: {bytesText(item.size)}. {ITEM_TEXTS.resizeAbout}
      </Text>
      <SizeInput label={ITEM_TEXTS.newSize} value={text} onChange={setText} />
    </FormDialog>
  );
}
