import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { QueryClient } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import { TEXTS } from '../../texts.ts';
import { forEachItem, type NamedItem } from './for-each-item.ts';
import { isAboutMedia } from './media-query.ts';

const NOTICE_MS = 15_000;

/** Says that items are in the trash now, and offers to restore them. */
export function notifyDeleted(client: QueryClient, deleted: readonly NamedItem[]): void {
  const undo = async (): Promise<void> => {
    const restored = await forEachItem(deleted, async ({ id: media }) =>
      api.POST('/v1/trash/{media}/restore', { params: { path: { media } }, body: {} }),
    );
    if (restored.length > 0) notifications.show({ message: TEXTS.media.restored(restored.length) });
    await client.invalidateQueries({ predicate: isAboutMedia });
  };
  const id = notifications.show({
    autoClose: NOTICE_MS,
    message: (
      <Group justify="space-between">
        <Text size="sm">{TEXTS.media.deleted(deleted.length)}</Text>
        <Button
          size="xs"
          variant="light"
          onClick={() => {
            notifications.hide(id);
            void undo();
          }}
        >
          {TEXTS.media.undo}
        </Button>
      </Group>
    ),
  });
}
