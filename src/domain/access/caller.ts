import type { UserId, UserUuid } from '../shared/ids.ts';

/** Who is asking, once it is known. */
export interface Caller {
  readonly id: UserId;
  readonly uuid: UserUuid;
  readonly name: string;
}
