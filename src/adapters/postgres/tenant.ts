import { tenantOf, type TenantId } from '../../domain/access/tenant.ts';
import type { GroupId } from '../../domain/shared/ids.ts';
import { isHomeOf } from './home-group.ts';

/** SQL: a column with the path of the home group of a row of `users`, or null. */
export const HOME_PATH = `(select groups.path from groups where ${isHomeOf('users.id')}) as home_path`;

/** A row with `HOME_PATH`. */
export interface HomeRow {
  readonly home_path: readonly string[] | null;
}

/** Returns the tenant of the user of a row. */
export function tenantFrom({ home_path: path }: HomeRow): TenantId {
  return tenantOf(path && { path: path.map((id) => Number(id) as GroupId) });
}
