import { ActionIcon, Alert, Group, Paper, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Check, X } from 'lucide-react';
import { useEffect, type ReactElement } from 'react';
import { bytesText } from '../shared/bytes.ts';
import { errorText } from '../shared/error-text.ts';
import { TEXTS } from '../texts.ts';
import { refusalsOf, uploadCheckQuery } from './upload-check.ts';

const TYPES = ['ISO', 'DISK', 'IPSW'];
const CHECK_DELAY_MS = 300;
const NOWHERE = -1;

/** A file that the user chose, before it is sent. */
export interface ChosenFile {
  readonly key: string;
  readonly file: File;
  readonly name: string;
  readonly type: string;
  /** True once the server has said that the upload would be taken. */
  readonly isAllowed: boolean;
}

interface Props {
  readonly chosen: ChosenFile;
  readonly group: number | null;
  readonly pool: number | null;
  readonly change: (changed: Partial<ChosenFile>) => void;
  readonly remove: () => void;
}

/** One file: its name and type, and the verdict of the server. */
export function FileRow({ chosen, group, pool, change, remove }: Props): ReactElement {
  const { file, name, type, isAllowed } = chosen;
  const [checkedName] = useDebouncedValue(name, CHECK_DELAY_MS);
  const query = uploadCheckQuery(file, { name: checkedName, type, group: group ?? NOWHERE, pool: pool ?? NOWHERE });
  const { data: verdict, error } = useQuery({
    ...query,
    enabled: group !== null && pool !== null && checkedName !== '',
  });
  const refusals = verdict === undefined ? [] : refusalsOf(verdict);
  const allowed = verdict?.ok === true && checkedName === name;
  useEffect(() => {
    if (allowed !== isAllowed) change({ isAllowed: allowed });
  }, [allowed, isAllowed, change]);
  return (
    <Paper withBorder p="sm">
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap" align="flex-end">
          <TextInput
            flex={1}
            aria-label={TEXTS.uploads.name(file.name)}
            value={name}
            onChange={({ currentTarget: { value } }) => {
              change({ name: value, isAllowed: false });
            }}
          />
          <Select
            w={95}
            aria-label={TEXTS.media.type}
            allowDeselect={false}
            data={TYPES}
            value={type}
            onChange={(value) => {
              if (value !== null) change({ type: value });
            }}
          />
          <ActionIcon variant="subtle" color="gray" aria-label={TEXTS.uploads.remove(file.name)} onClick={remove}>
            <X size={16} aria-hidden />
          </ActionIcon>
        </Group>
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            {bytesText(file.size)}
          </Text>
          {allowed && (
            <Text size="xs" c="dimmed">
              <Check size={12} aria-hidden /> {TEXTS.uploads.fits}
            </Text>
          )}
        </Group>
        {error !== null && <Alert color="red">{errorText(error)}</Alert>}
        {refusals.map((refusal) => (
          <Alert key={refusal} color="red" role="alert">
            {refusal}
          </Alert>
        ))}
      </Stack>
    </Paper>
  );
}
