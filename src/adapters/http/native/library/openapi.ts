import type { ListLibraryByPageFailure } from '../../../../application/library/list-library-by-page.ts';
import type { CloneItemFailure } from '../../../../application/drives/clone-item.ts';
import { jsonAnswer } from '../../shared/openapi/description.ts';
import { jobResponse } from '../jobs/job-wire.ts';
import { pageResponse } from '../list.ts';
import { cloneRequest } from '../media/media-clone.ts';
import {
  jsonBody,
  pathId,
  queryParameters,
  taggedAnswers,
  type FailureSet,
  type NativeCall,
  type NativeResource,
} from '../openapi/call.ts';
import { libraryQuery, libraryResponse } from './library.ts';

const CLONING: FailureSet<CloneItemFailure> = {
  'name-invalid': true,
  'permission-missing': true,
  'pool-not-found': true,
  'group-not-found': true,
  'not-manager': true,
  'media-name-taken': true,
  'quota-exceeded': true,
  'media-not-found': true,
  'media-published': true,
  'media-busy': true,
  'bytes-damaged': true,
  'clone-too-small': true,
  'image-not-growable': true,
  'home-group-missing': true,
};

/** The call that clones an item, without its summary. */
export const CLONE: Omit<NativeCall, 'summary'> = {
  parameters: [pathId('media', 'The item to clone, by its id.', 'f47ac10b-58cc-4372-a567-0e02b2c3d479')],
  body: jsonBody(cloneRequest, {
    usual: { summary: 'Another name', value: { name: 'a clone' } },
    elsewhere: {
      summary: 'Another group and pool, and more space',
      value: { name: 'a clone', group: 7, pool: 1, size: 10_737_418_240 },
    },
  }),
  answers: { 202: jsonAnswer('The job that copies the bytes', jobResponse, ['Location']) },
  failures: CLONING,
};

/** The library in the document. */
export const LIBRARY: NativeResource = {
  name: 'library',
  description: 'Ready-made drives that the operator publishes.',
  calls: {
    'GET /library': {
      summary: 'List the library',
      description: 'Every user sees all of it.',
      parameters: queryParameters(libraryQuery.shape),
      answers: taggedAnswers('A page of the library', pageResponse(libraryResponse)),
      failures: { 'search-too-broad': true } satisfies FailureSet<ListLibraryByPageFailure>,
      problems: ['precondition-failed'],
    },
    'POST /library/{media}/clone': {
      ...CLONE,
      summary: 'Clone a library drive',
      description: 'Without `group` into the home group of the caller.',
    },
  },
};
