import type { NativeUseCases } from '../../adapters/http/native/use-cases.ts';
import { DeleteMedia } from '../../application/trash/delete-media.ts';
import { EmptyTrash } from '../../application/trash/empty-trash.ts';
import { ListTrash } from '../../application/trash/list-trash.ts';
import { PlanDeletion } from '../../application/trash/plan-deletion.ts';
import { RestoreMedia } from '../../application/trash/restore-media.ts';
import type { Services } from './tokens.ts';

/** Creates the use cases of deletions and of the trash. */
export function trashUseCases({
  config,
  work,
  pools,
  purge,
  removals,
  log,
}: Services): Pick<NativeUseCases, 'deleteMedia' | 'planDeletion' | 'listTrash' | 'emptyTrash' | 'restoreMedia'> {
  const { trashDays } = config;
  return {
    deleteMedia: new DeleteMedia({ work, purge, removals, log, trashDays }),
    planDeletion: new PlanDeletion(work),
    listTrash: new ListTrash(work, trashDays),
    emptyTrash: new EmptyTrash({ work, pools, removals }),
    restoreMedia: new RestoreMedia(work),
  };
}
