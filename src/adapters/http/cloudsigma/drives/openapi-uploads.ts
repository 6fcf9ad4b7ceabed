import { z } from 'zod';
import type { InitializeUploadsFailure } from '../../../../application/drives/initialize-uploads.ts';
import type { ReceiveChunkFailure } from '../../../../application/drives/receive-chunk.ts';
import type { SignChunkLinkFailure } from '../../../../application/drives/sign-chunk-link.ts';
import { jsonAnswer, type ParameterDescription } from '../../shared/openapi/description.ts';
import { allOf, jsonBody, ok, type DescribedResource } from '../openapi/call.ts';
import { UUID } from '../openapi/parameters.ts';
import { objectsOf, oneOrMany } from '../openapi/shapes.ts';
import { driveCreateRequest } from './drive-fields.ts';
import { driveResponse } from './openapi-shapes.ts';

const INITIALIZING = allOf<InitializeUploadsFailure>({
  'name-invalid': true,
  'permission-missing': true,
  'pool-not-found': true,
  'group-not-found': true,
  'not-manager': true,
  'media-name-taken': true,
  'quota-exceeded': true,
  'home-group-missing': true,
  'named-tag-not-found': true,
  'definitions-too-large': true,
  'too-many-possessions': true,
  unavailable: true,
});

/** Failures of asking for the link of a chunk. */
export const SIGNING = allOf<SignChunkLinkFailure>({
  'media-not-found': true,
  'media-published': true,
  'chunk-refused': true,
  'chunk-stored': true,
  'permission-missing': true,
  'group-not-found': true,
  'not-manager': true,
  unavailable: true,
});

const RECEIVING = allOf<ReceiveChunkFailure>({
  'media-not-found': true,
  'media-published': true,
  'chunk-refused': true,
  'chunk-stored': true,
  'permission-missing': true,
  'group-not-found': true,
  'not-manager': true,
  'upload-locked': true,
  'upload-gone': true,
  'body-cut-off': true,
  'body-too-slow': true,
  'format-refused': true,
  'quota-exceeded': true,
  'no-space': true,
  unavailable: true,
});

const NOTHING = z.strictObject({});

function field(name: string, description: string, example: number): ParameterDescription {
  return { name, in: 'query', required: true, description, schema: z.int().min(0), example };
}

const FORM = [
  ['resumableChunkNumber', '1'],
  ['resumableChunkSize', '1048576'],
  ['resumableTotalSize', '19'],
  ['file', 'the bytes of a disk'],
]
  .map(([name = '', text]) => {
    const disposition = `form-data; name="${name}"${name === 'file' ? '; filename="disk.img"' : ''}`;
    return `--limit\r\nContent-Disposition: ${disposition}\r\n\r\n${text}\r\n`;
  })
  .join('');

export const UPLOADS: DescribedResource = {
  name: 'uploads',
  description: 'Drives whose bytes arrive in chunks: in any order, several at once, each as often as needed.',
  calls: {
    'POST /initupload/': {
      summary: 'Begin uploads in chunks',
      description: 'Creates one drive or several, all of them or none. Ignores the query `avoid`.',
      body: jsonBody(oneOrMany(driveCreateRequest), {
        usual: { summary: 'One', value: { objects: [{ name: 'disk', size: 10_485_760, media: 'disk' }] } },
      }),
      answers: { 201: jsonAnswer('The drives, with the status `uploading`', objectsOf(driveResponse)) },
      failures: INITIALIZING,
    },
    'POST /chunks/{token}/': {
      summary: 'Send a chunk to its link',
      description:
        'The link comes from `do=upload_chunk`, is good for 5 minutes and that chunk alone, and needs no other credentials. After the answer to the last missing chunk the drive is `unmounted`.',
      parameters: [
        {
          name: 'token',
          in: 'path',
          required: true,
          description: 'As in the link.',
          schema: z.string(),
          example: 'a.b',
        },
      ],
      body: {
        type: 'application/octet-stream',
        schema: null,
        required: true,
        description: 'Exactly the bytes of the chunk.',
        examples: { usual: { summary: 'Nineteen bytes', value: 'the bytes of a disk' } },
      },
      answers: ok('The chunk is durable', NOTHING),
      failures: ['chunk-link-refused', ...RECEIVING],
      bytes: 'in',
      isPublic: true,
    },
    'GET /drives/{uuid}/upload/': {
      summary: 'Ask whether a chunk is there',
      description: 'As resumable.js asks. 404 if the chunk is missing.',
      parameters: [
        UUID,
        field('resumableChunkNumber', 'The number of the chunk, from 1.', 1),
        field('resumableChunkSize', 'The size of the chunks, except the last one.', 10),
        field('resumableTotalSize', 'The size of the drive.', 19),
      ],
      answers: ok('The chunk is there', NOTHING),
      failures: [...SIGNING, 'chunk-not-found'],
    },
    'POST /drives/{uuid}/upload/': {
      summary: 'Send a chunk in a form',
      description:
        'As resumable.js sends it: the fields of the `GET` and then the bytes, as the part `file` with a filename. A chunk that is there is a success.',
      parameters: [UUID],
      body: {
        type: 'multipart/form-data; boundary=limit',
        schema: null,
        required: true,
        description: 'The fields, then the file.',
        examples: { usual: { summary: 'A drive of one chunk', value: `${FORM}--limit--\r\n` } },
      },
      answers: ok('The chunk is durable', NOTHING),
      failures: RECEIVING,
      bytes: 'in',
    },
  },
};
