import type { CreateImportFailure } from '../../../../application/imports/create-import.ts';
import { jsonAnswer } from '../../shared/openapi/description.ts';
import { jobResponse } from '../jobs/job-wire.ts';
import { jsonBody, type FailureSet, type NativeResource } from '../openapi/call.ts';
import { importRequest } from './imports.ts';

/** Imports in the document. */
export const IMPORTS: NativeResource = {
  name: 'imports',
  description: 'Items whose bytes this server fetches from a URL.',
  calls: {
    'POST /imports': {
      summary: 'Import a media item from a URL',
      description:
        'Rights and name are checked now; a job asks the source for its length, charges it, fetches and verifies the bytes. The item can be seen when all of them are verified. Cancel the job to end it.',
      body: jsonBody(importRequest, {
        usual: {
          summary: 'With the file of checksums beside the image',
          value: {
            url: 'https://images.example/3.1/harbour-3.1.iso',
            checksum_url: 'https://images.example/3.1/SHA256SUMS',
            group: 0,
          },
        },
        unknown: {
          summary: 'From a source that does not tell its length',
          value: { url: 'https://images.example/3.1/harbour.img', name: 'harbour', group: 0, size: 4_294_967_296 },
        },
      }),
      answers: { 202: jsonAnswer('The job', jobResponse, ['Location']) },
      failures: {
        'imports-off': true,
        'url-invalid': true,
        'too-many-possessions': true,
        'name-invalid': true,
        'permission-missing': true,
        'pool-not-found': true,
        'group-not-found': true,
        'not-manager': true,
        'media-name-taken': true,
        'quota-exceeded': true,
      } satisfies FailureSet<CreateImportFailure>,
    },
  },
};
