import { z } from 'zod';
import type { ListedTrash } from '../../../../application/trash/list-trash.ts';

export const trashedResponse = z.object({
  id: z.guid(),
  name: z.string().meta({ description: 'The name that it had; another item may have it now.' }),
  group: z.int(),
  pool: z.int(),
  type: z.string(),
  size: z.int(),
  trashed_at: z.iso.datetime(),
  trashed_by: z.guid().meta({ description: 'The user who deleted it; may not exist any more.' }),
  expires_at: z.iso.datetime().meta({ description: 'When it is deleted for good.' }),
});

/** Presents an item in the trash. */
export function trashedWire({
  media,
  group,
  trashedAt,
  trashedBy,
  expiresAt,
}: ListedTrash): z.input<typeof trashedResponse> {
  const { id, name, pool, type, size } = media;
  return {
    id,
    name,
    group,
    pool,
    type,
    size,
    trashed_at: trashedAt.toISOString(),
    trashed_by: trashedBy,
    expires_at: expiresAt.toISOString(),
  };
}
