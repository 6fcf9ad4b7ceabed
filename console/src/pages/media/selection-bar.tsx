import { Button, Group, Paper, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Shield, ShieldOff, Trash2 } from 'lucide-react';
import type { ReactElement } from 'react';
import { api } from '../../api/api.ts';
import { errorText } from '../../shared/error-text.ts';
import { TEXTS } from '../../texts.ts';
import type { MediaItem } from './media-query.ts';

interface Props {
  readonly items: readonly MediaItem[];
  readonly clear: () => void;
}

/** What can be done with the selected items. A deletion can be undone from its message. */
export function SelectionBar({ items, clear }: Props): ReactElement {
  const client = useQueryClient();
  const refresh = async (): Promise<void> => client.invalidateQueries({ predicate: isAboutMedia });
  const restore = async (deleted: readonly MediaItem[]): Promise<void> => {
    const restored = await forEach(deleted, async ({ id: media }) =>
      api.POST('/v1/trash/{media}/restore', { params: { path: { media } }, body: {} }),
    );
    if (restored.length > 0) notifications.show({ message: TEXTS.media.restored(restored.length) });
    await refresh();
  };
  const remove = useMutation({
    mutationFn: async () =>
      forEach(items, async ({ id: media }) => api.DELETE('/v1/media/{media}', { params: { path: { media } } })),
    onSuccess: async (deleted) => {
      clear();
      if (deleted.length > 0) notifyDeleted(deleted, () => void restore(deleted));
      await refresh();
    },
  });
  const protect = useMutation({
    mutationFn: async (isProtected: boolean) =>
      forEach(items, async ({ id: media }) =>
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

/** Changes one item after the other; says of each that could not be changed why. */
async function forEach(
  items: readonly MediaItem[],
  change: (item: MediaItem) => Promise<unknown>,
): Promise<readonly MediaItem[]> {
  const changed: MediaItem[] = [];
  for (const item of items) {
    try {
      await change(item);
      changed.push(item);
    } catch (error) {
      notifications.show({ color: 'red', title: TEXTS.media.failed(item.name), message: errorText(error) });
    }
  }
  return changed;
}

function notifyDeleted(deleted: readonly MediaItem[], undo: () => void): void {
  const id = crypto.randomUUID();
  notifications.show({
    id,
    autoClose: 15_000,
    message: (
      <Group justify="space-between">
        <Text size="sm">{TEXTS.media.deleted(deleted.length)}</Text>
        <Button
          size="xs"
          variant="light"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          {TEXTS.media.undo}
        </Button>
      </Group>
    ),
  });
}

function isAboutMedia({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean {
  return ['media', 'trash', 'usage'].includes(String(queryKey[0]));
}
