import { TextInput } from '@mantine/core';
import type { ReactElement } from 'react';
import { ITEM_TEXTS } from '../texts/item-texts.ts';
import { parseBytes } from './parse-bytes.ts';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** A size, as a person writes it. Read its value with `parseBytes`. */
export function SizeInput({ label, value, onChange }: Props): ReactElement {
  return (
    <TextInput
      label={label}
      description={ITEM_TEXTS.sizeHint}
      error={value !== '' && parseBytes(value) === null && ITEM_TEXTS.sizeInvalid}
      value={value}
      onChange={({ currentTarget }) => {
        onChange(currentTarget.value);
      }}
    />
  );
}
