import type { DeleteMediaFailure } from '../../../../application/trash/delete-media.ts';
import type { EmptyTrashFailure } from '../../../../application/trash/empty-trash.ts';
import type { PlanDeletionFailure } from '../../../../application/trash/plan-deletion.ts';
import type { RestoreMediaFailure } from '../../../../application/trash/restore-media.ts';
import { jsonAnswer } from '../../shared/openapi/description.ts';
import { pageResponse } from '../list.ts';
import {
  emptyAnswer,
  jsonBody,
  pathId,
  queryParameters,
  taggedAnswers,
  type FailureSet,
  type NativeResource,
} from '../openapi/call.ts';
import { deleteMediaQuery, deletionResponse } from './deletion.ts';
import { trashedResponse } from './trash-wire.ts';
import { deleteTrashedQuery, emptyTrashQuery, emptyTrashResponse, restoreRequest, trashQuery } from './trash.ts';

const MEDIA = pathId('media', 'A media item, by its id.', '9a1f0e44-0000-4000-8000-000000000001');
const TRASHED = { 'media-not-found': true, 'permission-missing': true, 'not-manager': true } as const;

/** Deletions and the trash in the document. */
export const TRASH: NativeResource = {
  name: 'trash',
  description: 'Deleting media items, and taking them back for some days.',
  calls: {
    'DELETE /media/{media}': {
      summary: 'Delete a media item',
      description:
        'Moves it to the trash, where it stays for `PLATTER_TRASH_DAYS` days and counts in the usage of its group. ' +
        'Needs `velocity.media.remove` on its group, which manages the pool.',
      parameters: [MEDIA, ...queryParameters(deleteMediaQuery.shape)],
      answers: { 204: emptyAnswer('It is deleted') },
      failures: {
        ...TRASHED,
        'not-writer': true,
        'media-published': true,
        'media-busy': true,
        'media-in-use': true,
        'media-protected': true,
      } satisfies FailureSet<DeleteMediaFailure>,
      problems: ['precondition-failed'],
    },
    'GET /media/{media}/deletion': {
      summary: 'Plan a deletion',
      description: 'What holds the item, and what deleting it for good would free. Changes nothing.',
      parameters: [MEDIA],
      answers: taggedAnswers('The plan', deletionResponse),
      failures: { 'media-not-found': true, 'media-published': true } satisfies FailureSet<PlanDeletionFailure>,
      problems: ['precondition-failed'],
    },
    'GET /trash': {
      summary: 'List the trash',
      description: 'The items in the trash of the groups on which the caller holds `velocity.media.list`.',
      parameters: queryParameters(trashQuery.shape),
      answers: taggedAnswers('A page of the trash', pageResponse(trashedResponse)),
      failures: {},
      problems: ['precondition-failed'],
    },
    'DELETE /trash': {
      summary: 'Empty the trash',
      description: 'Deletes the items for good that the caller may delete: others stay, without an error.',
      parameters: queryParameters(emptyTrashQuery.shape),
      answers: { 200: jsonAnswer('How many items were deleted', emptyTrashResponse, ['Cache-Control']) },
      failures: {},
    },
    'DELETE /trash/{media}': {
      summary: 'Delete a media item from the trash',
      parameters: [MEDIA, ...queryParameters(deleteTrashedQuery.shape)],
      answers: { 204: emptyAnswer('It is deleted for good') },
      failures: TRASHED satisfies FailureSet<EmptyTrashFailure>,
    },
    'POST /trash/{media}/restore': {
      summary: 'Restore a media item',
      description: 'Needs `velocity.media.create` on its group, which manages the pool.',
      parameters: [MEDIA],
      body: jsonBody(restoreRequest, {
        same: { summary: 'Under the name that it had', value: {} },
        other: { summary: 'Under another name', value: { name: 'debian-13-netinst.iso' } },
      }),
      answers: { 204: emptyAnswer('It is as it was before') },
      failures: {
        ...TRASHED,
        'name-invalid': true,
        'media-name-taken': true,
      } satisfies FailureSet<RestoreMediaFailure>,
    },
  },
};
