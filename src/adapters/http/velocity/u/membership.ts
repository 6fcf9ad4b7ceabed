import type { Membership } from '../../../../domain/access/membership.ts';
import type { PermissionFacts } from '../../../../domain/access/permission.ts';

interface WirePermission {
  readonly pid: number;
  readonly name: string;
  readonly description: string;
}

/** Permissions in a listing. */
export function wirePermissions(permissions: readonly PermissionFacts[]): readonly WirePermission[] {
  return permissions.map(({ number, name, description }) => ({ pid: number, name, description }));
}

/** A group with what one user holds directly on it. */
export function wireMembership({ group, permissions }: Membership): object {
  return {
    gid: group.id,
    parent_gid: group.parentId,
    name: group.name,
    permissions: wirePermissions(permissions),
  };
}
