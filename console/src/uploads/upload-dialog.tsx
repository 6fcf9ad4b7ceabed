import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { DestinationFields, useDefaultGroup, useDestination, type Destination } from '../shared/destination-fields.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { TEXTS } from '../texts.ts';
import { FileRow, type ChosenFile } from './file-row.tsx';
import { addUpload } from './upload-list.ts';

interface Props {
  readonly files: readonly File[];
  readonly onClose: () => void;
}

/** Where the files go, what they are called, and what the server says of each beforehand. */
export function UploadDialog({ files, onClose }: Props): ReactElement {
  const group = useDefaultGroup();
  const [wanted, setWanted] = useState<Destination | null>(null);
  const destination = useDestination(wanted ?? { group, pool: null });
  const [chosen, setChosen] = useState<readonly ChosenFile[]>(files.map(chosenFile));
  const change = (key: string, changed: Partial<ChosenFile>): void => {
    setChosen((before) => before.map((one) => (one.key === key ? { ...one, ...changed } : one)));
  };
  const start = (): void => {
    const { group, pool } = destination;
    if (group === null || pool === null) return;
    for (const { file, name, type } of chosen) addUpload(file, { name, type, group, pool });
    onClose();
  };
  return (
    <Dialog opened onClose={onClose} title={TEXTS.uploads.title} size="lg">
      <Stack>
        <DestinationFields destination={destination} change={setWanted} />
        {chosen.map((one) => (
          <FileRow
            key={one.key}
            chosen={one}
            group={destination.group}
            pool={destination.pool}
            change={(changed) => {
              change(one.key, changed);
            }}
            remove={() => {
              setChosen((before) => before.filter(({ key }) => key !== one.key));
            }}
          />
        ))}
        <Group gap="xs">
          <FileButton
            multiple
            onChange={(added) => {
              setChosen((before) => [...before, ...added.map(chosenFile)]);
            }}
          >
            {(props) => (
              <Button {...props} variant="default">
                {TEXTS.uploads.choose}
              </Button>
            )}
          </FileButton>
          <Text size="sm" c="dimmed">
            {TEXTS.uploads.chooseAbout}
          </Text>
        </Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {TEXTS.cancel}
          </Button>
          <Button disabled={chosen.length === 0 || !chosen.every(({ isAllowed }) => isAllowed)} onClick={start}>
            {TEXTS.uploads.start(chosen.length)}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

let keys = 0;

function chosenFile(file: File): ChosenFile {
  keys += 1;
  return { key: String(keys), file, name: file.name, type: typeOf(file.name), isAllowed: false };
}

function typeOf(name: string): string {
  if (/\.iso$/i.test(name)) return 'ISO';
  return /\.ipsw$/i.test(name) ? 'IPSW' : 'DISK';
}
