import type { BeginSession } from '../../../application/access/begin-session.ts';
import type { EndSession } from '../../../application/access/end-session.ts';
import type { ListUsersByPage } from '../../../application/access/list-users-by-page.ts';
import type { ViewUser } from '../../../application/access/view-user.ts';
import type { CreateLink } from '../../../application/links/create-link.ts';
import type { ListLinks } from '../../../application/links/list-links.ts';
import type { RevokeLink } from '../../../application/links/revoke-link.ts';
import type { DeleteMedia } from '../../../application/trash/delete-media.ts';
import type { EmptyTrash } from '../../../application/trash/empty-trash.ts';
import type { ListTrash } from '../../../application/trash/list-trash.ts';
import type { PlanDeletion } from '../../../application/trash/plan-deletion.ts';
import type { RestoreMedia } from '../../../application/trash/restore-media.ts';
import type { MediaUseCases } from './media-use-cases.ts';

/** The use cases of this dialect. */
export interface NativeUseCases extends MediaUseCases {
  readonly beginSession: BeginSession;
  readonly endSession: EndSession;
  readonly listUsers: ListUsersByPage;
  readonly viewUser: ViewUser;
  readonly createLink: CreateLink;
  readonly listLinks: ListLinks;
  readonly revokeLink: RevokeLink;
  readonly deleteMedia: DeleteMedia;
  readonly planDeletion: PlanDeletion;
  readonly listTrash: ListTrash;
  readonly emptyTrash: EmptyTrash;
  readonly restoreMedia: RestoreMedia;
}
