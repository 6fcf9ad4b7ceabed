import type { Origin } from '../audit/audit-event.ts';
import type { UserId, UserUuid } from '../shared/ids.ts';
import type { TenantId } from './tenant.ts';

/** An authenticated user who makes a request. */
export interface Caller {
  readonly id: UserId;
  readonly uuid: UserUuid;
  readonly name: string;
  /** The tenant whose shares the caller uses; by default `WITHOUT_HOME`. */
  readonly tenant?: TenantId | undefined;
  /** Where the request came from; undefined if the program acts for the user. */
  readonly origin?: Origin | undefined;
}
