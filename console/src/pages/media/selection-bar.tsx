import { Button, Group, Paper, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Shield, ShieldOff, Trash2 } from 'lucide-react';
import type { ReactElement } from 'react';
import { api } from '../../api/api.ts';
import { TEXTS } from '../../texts.ts';
import { notifyDeleted } from './deleted-message.tsx';
import { forEachItem } from './for-each-item.ts';
import { isAboutMedia, type MediaItem } from './media-query.ts';

interface Props {
  readonly items: readonly MediaItem[];
  readonly clear: () => void;
}

/** What can be done with the selected items. A deletion can be undone from its message. */
export function SelectionBar({ items, clear }: Props): ReactElement {
  const client = useQueryClient();
  const refresh = async (): Promise<void> => client.invalidateQueries({ predicate: isAboutMedia });
  const remove = useMutation({
    mutationFn: async () =>
      forEachItem(items, async ({ id: media }) => api.DELETE('/v1/media/{media}', { params: { path: { media } } })),
    onSuccess: async (deleted) => {
      clear();
      if (deleted.length > 0) notifyDeleted(client, deleted);
      await refresh();
    },
  });
  const protect = useMutation({
    mutationFn: async (isProtected: boolean) =>
      forEachItem(items, async ({ id: media }) =>
        api.PATCH('/v1/media/{media}', { params: { path: { media } }, body: { protected: isProtected } }),
      ),
    onSuccess: refresh,
  });
  const isBusy = remove.isPending || protect.isPending;
  const allProtected = items.every((item) => item.protected);
  return (
    <Paper withBorder p="xs" role="toolbar" aria-label={TEXTS.actions}>
      <Group gap="sm">
        <Text size="sm" fw={600} aria-live="polite">
          {TEXTS.media.selected(items.length)}
        </Text>
        <Button
          size="xs"
          variant="default"
          leftSection={allProtected ? <ShieldOff size={14} aria-hidden /> : <Shield size={14} aria-hidden />}
          disabled={isBusy}
          onClick={() => {
            protect.mutate(!allProtected);
          }}
        >
          {allProtected ? TEXTS.media.unprotect : TEXTS.media.protect}
        </Button>
        <Button
          size="xs"
          color="red"
          leftSection={<Trash2 size={14} aria-hidden />}
          loading={remove.isPending}
          disabled={isBusy}
          onClick={() => {
            remove.mutate();
          }}
        >
          {TEXTS.media.delete}
        </Button>
      </Group>
    </Paper>
  );
}
