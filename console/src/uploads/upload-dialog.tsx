import { Button, FileButton, Group, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, bodyOf } from '../api/api.ts';
import { groupsWith, useSession } from '../session/session.ts';
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
  const session = useSession();
  const groups = groupsWith(session, 'velocity.media.create');
  const [group, setGroup] = useState(groups.find(({ id }) => id === session.home)?.id ?? groups[0]?.id ?? null);
  const [chosenPool, setPool] = useState<number | null>(null);
  const [chosen, setChosen] = useState<readonly ChosenFile[]>(files.map(chosenFile));
  const pools = usePools(group);
  const pool = pools.some(({ id }) => id === chosenPool) ? chosenPool : (pools[0]?.id ?? null);
  const change = (key: string, changed: Partial<ChosenFile>): void => {
    setChosen((before) => before.map((one) => (one.key === key ? { ...one, ...changed } : one)));
  };
  const start = (): void => {
    if (group === null || pool === null) return;
    for (const { file, name, type } of chosen) addUpload(file, { name, type, group, pool });
    onClose();
  };
  return (
    <Dialog opened onClose={onClose} title={TEXTS.uploads.title} size="lg">
      <Stack>
        <Group grow>
          <Select
            label={TEXTS.media.group}
            searchable
            allowDeselect={false}
            data={groups.map(({ id, name }) => ({ value: String(id), label: name }))}
            value={group === null ? null : String(group)}
            onChange={(value) => {
              setGroup(value === null ? null : Number(value));
            }}
          />
          <Select
            label={TEXTS.media.pool}
            allowDeselect={false}
            data={pools.map(({ id, name }) => ({ value: String(id), label: name }))}
            value={pool === null ? null : String(pool)}
            onChange={(value) => {
              setPool(value === null ? null : Number(value));
            }}
          />
        </Group>
        {chosen.map((one) => (
          <FileRow
            key={one.key}
            chosen={one}
            group={group}
            pool={pool}
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

/** The pools that the group manages. */
function usePools(group: number | null): readonly { readonly id: number; readonly name: string }[] {
  const { data } = useQuery({
    queryKey: ['assignments', group],
    queryFn: async ({ signal }) =>
      bodyOf(api.GET('/v1/groups/{group}/assignments', { params: { path: { group: group ?? 0 } }, signal })),
    enabled: group !== null,
  });
  return (data?.items ?? []).filter(({ manage }) => manage).map(({ pool, name }) => ({ id: pool, name }));
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
