import type { AbortUploadFailure } from '../../../../application/uploads/abort-upload.ts';
import { dryRunQuery } from '../dry-run.ts';
import { pageResponse } from '../list.ts';
import {
  emptyAnswer,
  pathId,
  queryParameters,
  taggedAnswers,
  type FailureSet,
  type NativeResource,
} from '../openapi/call.ts';
import { uploadResponse, uploadsQuery } from './uploads.ts';

/** Open uploads in the document. */
export const UPLOADS: NativeResource = {
  name: 'uploads',
  description: 'Resumable uploads that have not ended. Their bytes go to `/uploads`, with tus.',
  calls: {
    'GET /uploads': {
      summary: 'List open uploads',
      description: "The caller's own, and those of groups on which the caller holds `velocity.media.remove`.",
      parameters: queryParameters(uploadsQuery.shape),
      answers: taggedAnswers('A page of the uploads', pageResponse(uploadResponse)),
      failures: {},
      problems: ['precondition-failed'],
    },
    'DELETE /uploads/{upload}': {
      summary: 'Abort an upload',
      description: 'Its name and its charge are free at once.',
      parameters: [
        pathId('upload', 'An upload, by its id.', 'f47ac10b-58cc-4372-a567-0e02b2c3d479'),
        ...queryParameters(dryRunQuery.shape),
      ],
      answers: { 204: emptyAnswer('The upload has ended') },
      failures: {
        'unknown-upload': true,
        'upload-gone': true,
        unavailable: true,
      } satisfies FailureSet<AbortUploadFailure>,
    },
  },
};
