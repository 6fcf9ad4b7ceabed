import type { Caller } from '../../domain/access/caller.ts';
import { WITHOUT_HOME, type Shareholder } from '../../domain/access/tenant.ts';

/** Returns the user and the tenant that a caller's use of shared slots counts for. */
export function shareholderOf({ id, tenant = WITHOUT_HOME }: Caller): Shareholder {
  return { user: id, tenant };
}
