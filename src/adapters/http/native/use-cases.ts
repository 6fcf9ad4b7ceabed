import type { BeginSession } from '../../../application/access/begin-session.ts';
import type { EndSession } from '../../../application/access/end-session.ts';
import type { ListUsersByPage } from '../../../application/access/list-users-by-page.ts';
import type { ViewUser } from '../../../application/access/view-user.ts';

/** The use cases of this dialect. */
export interface NativeUseCases {
  readonly beginSession: BeginSession;
  readonly endSession: EndSession;
  readonly listUsers: ListUsersByPage;
  readonly viewUser: ViewUser;
}
