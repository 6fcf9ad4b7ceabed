import { z } from 'zod';
import type { Membership } from '../../../../domain/access/membership.ts';
import type { PermissionFacts } from '../../../../domain/access/permission.ts';
import { shownNumber } from '../wire.ts';

export const shownPermission = z
  .object({ pid: shownNumber, name: z.string(), description: z.string() })
  .meta({ id: 'Permission', description: 'A permission that is held directly on a group.' });

export const shownMembership = z
  .object({
    gid: shownNumber,
    parent_gid: shownNumber,
    name: z.string(),
    permissions: z.array(shownPermission).meta({ description: 'Those held directly on this group.' }),
  })
  .meta({ id: 'Membership', description: 'A group, with what one user holds on it.' });

/** Permissions in a listing. */
export function wirePermissions(permissions: readonly PermissionFacts[]): z.input<typeof shownPermission>[] {
  return permissions.map(({ number, name, description }) => ({ pid: number, name, description }));
}

/** A group with what one user holds directly on it. */
export function wireMembership({ group, permissions }: Membership): z.input<typeof shownMembership> {
  return {
    gid: group.id,
    parent_gid: group.parentId,
    name: group.name,
    permissions: wirePermissions(permissions),
  };
}
