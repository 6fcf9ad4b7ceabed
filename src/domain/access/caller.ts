import type { Origin } from '../audit/deed.ts';
import type { UserId, UserUuid } from '../shared/ids.ts';

/** Who is asking, once it is known. */
export interface Caller {
  readonly id: UserId;
  readonly uuid: UserUuid;
  readonly name: string;
  /** From where they ask; without it the program acts for them. */
  readonly origin?: Origin | undefined;
}
