import { z } from 'zod';
import type { Group } from '../../../../domain/access/group.ts';

export const groupResponse = z.object({
  id: z.int(),
  name: z.string(),
  parent: z.int().meta({ description: 'The root group is its own parent.' }),
  path: z.array(z.int()).meta({ description: 'From the root to the group itself.' }),
});

/** Presents a group. */
export function groupWire({ id, name, parentId, path }: Group): z.input<typeof groupResponse> {
  return { id, name, parent: parentId, path: [...path] };
}
