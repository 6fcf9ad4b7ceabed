import type { Caller } from '../../domain/access/caller.ts';
import { WITHOUT_HOME, type Shareholder } from '../../domain/access/tenant.ts';

/** Who takes part in what is shared out, where a caller asks. */
export function shareholderOf({ id, tenant = WITHOUT_HOME }: Caller): Shareholder {
  return { user: id, tenant };
}
