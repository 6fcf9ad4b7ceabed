import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { CopyText } from '../shared/copy-text.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { LINK_TEXTS } from '../texts/link-texts.ts';

interface Props {
  /** The path of the link, with its secret. */
  readonly path: string;
  readonly onClose: () => void;
}

/** The URL of a link that was just created, and the lines of the clients that use it. */
export function NewLink({ path, onClose }: Props): ReactElement {
  const url = new URL(path, location.origin).href;
  const lines = [
    { label: LINK_TEXTS.url, text: url },
    { label: LINK_TEXTS.ipxe, text: `sanboot ${url}` },
    { label: LINK_TEXTS.curl, text: `curl --fail --remote-name ${quoted(url)}` },
    {
      label: LINK_TEXTS.qemu,
      text: `qemu-system-x86_64 -m 2048 -drive ${quoted(`file=${url.replaceAll(',', ',,')},format=raw,readonly=on`)}`,
    },
  ];
  return (
    <Dialog opened onClose={onClose} title={LINK_TEXTS.title} size="lg">
      <Stack>
        <Alert color="yellow" role="status">
          {LINK_TEXTS.once}
        </Alert>
        {lines.map(({ label, text }) => (
          <div key={label}>
            <Text size="sm" fw={600} mb={4}>
              {label}
            </Text>
            <CopyText text={text} label={label} />
          </div>
        ))}
        <Group justify="flex-end">
          <Button onClick={onClose}>{LINK_TEXTS.close}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

/** Quotes a word for a POSIX shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
