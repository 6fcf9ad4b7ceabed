import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/api.ts';
import { errorText } from '../../shared/error-text.ts';
import { ITEM_TEXTS } from '../../texts/item-texts.ts';
import { isAboutMedia } from '../media/media-query.ts';

export interface Changes {
  readonly name?: string;
  readonly description?: string | null;
  readonly tags?: string[];
  readonly protected?: boolean;
  readonly read_only?: boolean;
  readonly type?: string;
  readonly size?: number;
  readonly group?: number;
  readonly pool?: number;
}

/** Changes an item, and says what happened. The answer of a move to another pool is its job. */
export function useEditItem({
  id: media,
  name,
}: {
  readonly id: string;
  readonly name: string;
}): UseMutationResult<object, Error, Changes> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: Changes) =>
      bodyOf<object>(api.PATCH('/v1/media/{media}', { params: { path: { media } }, body: { ...body } })),
    onSuccess: async (_answer, changes) => {
      notifications.show({ message: ITEM_TEXTS.saved(changes.name ?? name) });
      await client.invalidateQueries({ predicate: isAboutMedia });
    },
    onError: (error) => {
      notifications.show({ color: 'red', message: errorText(error) });
    },
  });
}
