import { z } from 'zod';
import type { Membership } from '../../../../domain/access/membership.ts';
import type { PermissionFacts } from '../../../../domain/access/permission.ts';
import { numberResponse } from '../wire.ts';

export const permissionResponse = z
  .object({ pid: numberResponse, name: z.string(), description: z.string() })
  .meta({ id: 'Permission', description: 'A permission that is held directly on a group.' });

export const membershipResponse = z
  .object({
    gid: numberResponse,
    parent_gid: numberResponse,
    name: z.string(),
    permissions: z.array(permissionResponse).meta({ description: 'The permissions held directly on this group.' }),
  })
  .meta({ id: 'Membership', description: 'A group, with the permissions that one user holds on it.' });

/** Returns permissions as the wire has them. */
export function wirePermissions(permissions: readonly PermissionFacts[]): z.input<typeof permissionResponse>[] {
  return permissions.map(({ number, name, description }) => ({ pid: number, name, description }));
}

/** Returns a group with the permissions that one user holds directly on it. */
export function wireMembership({ group, permissions }: Membership): z.input<typeof membershipResponse> {
  return {
    gid: group.id,
    parent_gid: group.parentId,
    name: group.name,
    permissions: wirePermissions(permissions),
  };
}
