import { z } from 'zod';
import type { EditItemFailure } from '../../../../application/drives/edit-item.ts';
import type { CheckOrderFailure } from '../../../../application/media/check-order.ts';
import type { CreateMediaFailure } from '../../../../application/media/create-media.ts';
import type { DownloadMediaFailure } from '../../../../application/media/download-media.ts';
import type { ListItemsFailure } from '../../../../application/media/list-items.ts';
import type { ViewItemFailure } from '../../../../application/media/view-item.ts';
import { BYTES, jsonAnswer } from '../../shared/openapi/description.ts';
import { CLONE } from '../library/openapi.ts';
import { pageResponse } from '../list.ts';
import {
  jsonBody,
  pathId,
  queryParameters,
  taggedAnswers,
  type FailureSet,
  type NativeResource,
} from '../openapi/call.ts';
import { editRequest } from './media-edit.ts';
import { jobResponse } from '../jobs/job-wire.ts';
import { checkRequest, checkResponse } from './media-check.ts';
import { createRequest } from './media-create.ts';
import { mediaQuery } from './media-list.ts';
import { mediaDetailResponse, mediaResponse } from './media-wire.ts';

const MEDIA_ID = pathId('media', 'A media item, by its id.', 'f47ac10b-58cc-4372-a567-0e02b2c3d479');

/** Media items in the document. */
export const MEDIA: NativeResource = {
  name: 'media',
  description: 'The media items of all groups, with all that is known of them.',
  calls: {
    'GET /media': {
      summary: 'List media items',
      description:
        'Those of every group on which the caller holds `velocity.media.list`, in the pools that are assigned to the group, without those of the library and of the trash. `q` and `format` may take too long: narrow the list then.',
      parameters: queryParameters(mediaQuery.shape),
      answers: taggedAnswers('A page of the items', pageResponse(mediaResponse)),
      failures: { 'search-too-broad': true } satisfies FailureSet<ListItemsFailure>,
      problems: ['precondition-failed'],
    },
    'POST /media': {
      summary: 'Create an empty disk',
      description: 'It reads as zeros. A caller who may not list the items of the group sees only its id.',
      body: jsonBody(createRequest, {
        usual: { summary: 'A gibibyte', value: { name: 'scratch', group: 7, pool: 1, size: 1_073_741_824 } },
      }),
      answers: {
        201: jsonAnswer('The item', z.union([mediaDetailResponse, z.object({ id: z.guid() })]), ['Location']),
      },
      failures: {
        'name-invalid': true,
        'permission-missing': true,
        'pool-not-found': true,
        'group-not-found': true,
        'not-manager': true,
        'media-name-taken': true,
        'quota-exceeded': true,
        'media-not-found': true,
        'no-space': true,
        unavailable: true,
      } satisfies FailureSet<CreateMediaFailure>,
    },
    'POST /media/check': {
      summary: 'Check an item before it is uploaded',
      description:
        'Answers every verdict at once; no byte moves and nothing changes. `ok: false` is no error. Needs `velocity.media.list` on the group.',
      body: jsonBody(checkRequest, {
        usual: {
          summary: 'An image of a gibibyte',
          value: { name: 'harbour.iso', group: 7, pool: 1, type: 'ISO', size: 1_073_741_824 },
        },
      }),
      answers: { 200: jsonAnswer('The verdicts', checkResponse) },
      failures: { 'group-not-found': true, 'permission-missing': true } satisfies FailureSet<CheckOrderFailure>,
    },
    'POST /media/{media}/clone': {
      ...CLONE,
      summary: 'Clone a media item',
      description: 'Fields that are absent are those of the item. The clone is read-only if its type is `ISO`.',
    },
    'GET /media/{media}': {
      summary: 'Show a media item',
      description: 'Its facts, where it comes from, what uses it, and the tags of the caller.',
      parameters: [MEDIA_ID],
      answers: taggedAnswers('The item', mediaDetailResponse),
      failures: { 'media-not-found': true } satisfies FailureSet<ViewItemFailure>,
      problems: ['precondition-failed'],
    },
    'PATCH /media/{media}': {
      summary: 'Change a media item',
      description:
        'Absent fields stay as they are. With `If-Match` only if the item is as the client knows it. An item that shares its bytes becomes writable later, by a job. A size may only grow, unless the item was created empty and never written to. With `group` the item moves to another group, with its charge: that needs `velocity.media.remove` in the old group and `velocity.media.create` in the new one, and `manage` on the pool in both; within a group, `velocity.media.create` suffices. With `pool` a job carries the bytes, and the answer is the job: meanwhile the item stays as and where it is, its new pool is charged too, and its name, its size, its kind, its group and its pool cannot be changed. Of an item that the caller does not see in its new group, the answer has only the `id`.',
      parameters: [MEDIA_ID],
      body: jsonBody(editRequest, {
        usual: {
          summary: 'Another name, and a description',
          value: { name: 'harbour-3.1.iso', description: 'For the new hosts.' },
        },
        kept: { summary: 'Protect it from deletion', value: { protected: true } },
        moved: { summary: 'Another group', value: { group: 8 } },
        larger: { summary: 'More space', value: { size: 2_147_483_648 } },
      }),
      answers: {
        200: jsonAnswer('The item', z.union([mediaDetailResponse, z.object({ id: z.guid() })]), ['ETag']),
        202: jsonAnswer('The job that moves the item to its new pool', jobResponse, ['Location']),
      },
      failures: {
        'media-not-found': true,
        'media-published': true,
        'permission-missing': true,
        'not-manager': true,
        'not-writer': true,
        'media-busy': true,
        'media-not-empty': true,
        'image-not-growable': true,
        'quota-exceeded': true,
        'no-space': true,
        'bytes-missing': true,
        unavailable: true,
        'named-tag-not-found': true,
        'media-in-use': true,
        'bytes-damaged': true,
        'definitions-too-large': true,
        'name-invalid': true,
        'media-name-taken': true,
        'pool-not-found': true,
        'group-not-found': true,
      } satisfies FailureSet<EditItemFailure>,
      problems: ['precondition-failed'],
    },
    'GET /media/{media}/content': {
      summary: 'Read the bytes of a media item',
      description: '`HEAD` answers the same without the bytes. Ranges and conditions are supported.',
      parameters: [MEDIA_ID],
      answers: BYTES,
      failures: {
        'permission-missing': true,
        'media-not-found': true,
        'bytes-missing': true,
        'bytes-damaged': true,
        unavailable: true,
      } satisfies FailureSet<DownloadMediaFailure>,
      problems: ['precondition-failed', 'range-refused'],
    },
  },
};
