import type { Origin } from '../audit/audit-event.ts';
import type { UserId, UserUuid } from '../shared/ids.ts';
import type { PresentedToken } from './api-token.ts';
import type { TenantId } from './tenant.ts';

/** An authenticated user who makes a request. */
export interface Caller {
  readonly id: UserId;
  readonly uuid: UserUuid;
  readonly name: string;
  /** The tenant whose shares the caller uses; by default `WITHOUT_HOME`. */
  readonly tenant?: TenantId | undefined;
  /** The API token of the request; undefined for other credentials. */
  readonly token?: PresentedToken | undefined;
  /** Whether changes are rolled back after all checks: the caller only wants to know. */
  readonly rehearses?: boolean | undefined;
  /** Where the request came from; undefined if the program acts for the user. */
  readonly origin?: Origin | undefined;
}
