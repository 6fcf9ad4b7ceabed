import type { Origin } from '../audit/audit-event.ts';
import type { UserId, UserUuid } from '../shared/ids.ts';
import type { TenantId } from './tenant.ts';

/** Who is asking, once it is known. */
export interface Caller {
  readonly id: UserId;
  readonly uuid: UserUuid;
  readonly name: string;
  /** Whose shares the caller takes part in; without it, those of the users without a home group. */
  readonly tenant?: TenantId | undefined;
  /** From where they ask; without it the program acts for them. */
  readonly origin?: Origin | undefined;
}
