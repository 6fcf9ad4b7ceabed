import { z } from 'zod';
import type { UserView } from '../../../../application/access/view-user.ts';
import type { Membership } from '../../../../domain/access/membership.ts';
import { wholeOrStreamed } from '../../shared/streamed-list.ts';
import { userWire } from './user-wire.ts';

const groupResponse = z.object({
  id: z.int(),
  parent: z.int(),
  name: z.string(),
  permissions: z.array(z.string()).meta({ description: 'Those that hold here, inherited ones included.' }),
});

export const userDetailResponse = z.object({
  id: z.int(),
  name: z.string(),
  home: z.int().nullable().meta({ description: 'The home group; null without one, or when it is not visible.' }),
  groups: z
    .array(groupResponse)
    .meta({ description: 'The groups with a grant and their ancestors, each after its parent.' }),
});

/** Presents a user with its groups. Many groups are read while they are sent. */
export function userDetailWire({ user, home, memberships }: UserView): object {
  const head = { ...userWire(user), home: home?.id ?? null };
  return wholeOrStreamed(head, 'groups', memberships, withInherited());
}

/** Presents memberships, each after the one of its parent, with the permissions of the parent. */
function withInherited(): (membership: Membership) => z.input<typeof groupResponse> {
  const held = new Map<number, ReadonlySet<string>>();
  return ({ group, permissions }) => {
    const all = new Set([...(held.get(group.parentId) ?? []), ...permissions.map(({ name }) => name)]);
    held.set(group.id, all);
    return { id: group.id, parent: group.parentId, name: group.name, permissions: [...all] };
  };
}
