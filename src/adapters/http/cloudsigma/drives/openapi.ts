import { z } from 'zod';
import { BYTES, DIGEST_HEADERS, jsonAnswer, type ParameterDescription } from '../../shared/openapi/description.ts';
import { NO_CONTENT, jsonBody, ok, type CloudsigmaCall, type DescribedResource } from '../openapi/call.ts';
import { actionParameter, fieldsParameter, filter, listParameters, UUID } from '../openapi/parameters.ts';
import { objectsOf, oneOrMany, pageOf, resourceSchemaResponse } from '../openapi/shapes.ts';
import { byteCount } from '../wire.ts';
import { cloneRequest } from './clone.ts';
import { driveUpdateRequest, driveReferenceRequest, driveResizeRequest, driveCreateRequest } from './drive-fields.ts';
import { CLONING, EDITING, MAKING, REMOVING } from './openapi-failures.ts';
import { briefDriveResponse, driveResponse } from './openapi-shapes.ts';

const list = {
  parameters: [...listParameters('uuid,status'), ...['name', 'name__contains', 'tag', 'uuid'].map(filter)],
};

export const BRIEF_LIST: CloudsigmaCall = {
  ...list,
  summary: 'List drives',
  description: 'Says four fields of each, or those that are asked for.',
  answers: ok('One page of them', pageOf(z.union([briefDriveResponse.whole, driveResponse.projected]))),
};

export const FULL_LIST: CloudsigmaCall = {
  ...list,
  summary: 'List drives with all their fields',
  answers: ok('One page of them', pageOf(driveResponse.projected)),
};

const upload: CloudsigmaCall = {
  summary: 'Upload a drive',
  description: 'A `disk` that is called `upload-` and the beginning of its uuid.',
  parameters: [
    {
      name: 'content-length',
      in: 'header',
      required: true,
      description: 'How many bytes will come.',
      schema: byteCount,
      example: 19,
    },
    ...DIGEST_HEADERS,
  ],
  body: {
    type: 'application/octet-stream',
    schema: null,
    required: true,
    description: 'The bytes as they are.',
    examples: { usual: { summary: 'Nineteen bytes', value: 'the bytes of a disk' } },
  },
  answers: {
    201: { description: 'The uuid of the drive, which is complete', content: { type: 'text/plain', schema: z.uuid() } },
  },
  failures: MAKING,
  bytes: 'in',
};

const FILE_NAME: ParameterDescription = {
  name: 'file_name',
  in: 'path',
  required: true,
  description: 'Anything; it has no effect.',
  schema: z.string(),
  example: 'disk.img',
};

const CLONE = { summary: 'With a name', value: { name: 'a clone of mine' } };

/** `POST /{resource}/{uuid}/action/?do=clone` */
export const cloneCall: CloudsigmaCall = {
  summary: 'Clone it',
  description: 'Takes the query `avoid`, which has no effect. The body may be left out.',
  parameters: [UUID, actionParameter({ clone: 'Clone it' })],
  body: jsonBody(cloneRequest, { clone: CLONE }, false),
  answers: { 202: jsonAnswer('The clone, which is on its way', objectsOf(driveResponse)) },
  failures: CLONING,
};

export const DRIVES: DescribedResource = {
  name: 'drives',
  description: 'Drives of one’s own: to make, to upload, to clone and to attach.',
  calls: {
    'GET /drives/': BRIEF_LIST,
    'POST /drives/': {
      summary: 'Make drives',
      description: 'One or many, all of them or none.',
      body: jsonBody(oneOrMany(driveCreateRequest), {
        one: { summary: 'One', value: { name: 'disk', size: 1_048_576, media: 'disk' } },
        many: {
          summary: 'Many',
          value: {
            objects: [
              { name: 'first', size: 4096, media: 'disk', meta: { purpose: 'scratch' } },
              { name: 'second', size: '4096', media: 'cdrom', allow_multimount: true, affinities: ['ssd'] },
            ],
          },
        },
      }),
      answers: { 201: jsonAnswer('The drives, as they were at their beginning', objectsOf(driveResponse)) },
      failures: MAKING,
    },
    'DELETE /drives/': {
      summary: 'Delete drives',
      description: 'All that are named, or none.',
      body: jsonBody(oneOrMany(driveReferenceRequest), {
        usual: { summary: 'One', value: { objects: [{ uuid: UUID.example }] } },
      }),
      answers: NO_CONTENT,
      failures: REMOVING,
    },
    'GET /drives/detail/': FULL_LIST,
    'GET /drives/schema/': {
      summary: 'Describe drives',
      parameters: [fieldsParameter('fields')],
      answers: ok('Their fields', resourceSchemaResponse.projected),
    },
    'POST /drives/upload/': upload,
    'POST /drives/upload/{file_name}': { ...upload, parameters: [FILE_NAME, ...(upload.parameters ?? [])] },
    'GET /drives/{uuid}/': {
      summary: 'View a drive',
      description: 'A library drive can be viewed too.',
      parameters: [UUID, fieldsParameter('name,status')],
      answers: ok('The drive', driveResponse.projected),
      failures: ['media-not-found'],
    },
    'PUT /drives/{uuid}/': {
      summary: 'Change a drive',
      description:
        'What is left out stays as it is, and what can not be changed is ignored; but with `name`, `media` and `size`, and without `tags`, your tags are taken off. Another `size` is answered with the status `resizing`.',
      parameters: [UUID, fieldsParameter('name,meta')],
      body: jsonBody(driveUpdateRequest, {
        meta: {
          summary: 'Another name, and texts of one’s own',
          value: { name: 'scratch', meta: { purpose: 'tests' } },
        },
        larger: { summary: 'More room', value: { size: 2_097_152 } },
      }),
      answers: ok('The drive', driveResponse.projected),
      failures: EDITING,
    },
    'DELETE /drives/{uuid}/': {
      summary: 'Delete a drive',
      parameters: [UUID],
      answers: NO_CONTENT,
      failures: REMOVING,
    },
    'GET /drives/{uuid}/download/': {
      summary: 'Read the bytes of a drive',
      description: '`HEAD` answers the same without the bytes.',
      parameters: [UUID],
      answers: BYTES,
      failures: ['media-not-found', 'media-busy', 'permission-missing'],
      bytes: 'out',
    },
    'POST /drives/{uuid}/action/': {
      ...cloneCall,
      summary: 'Clone or resize it',
      description:
        'A clone may go without a body, and takes the query `avoid`, which has no effect. `resize` is the same full update as `PUT`, with a `size`.',
      parameters: [UUID, actionParameter({ clone: 'Clone it', resize: 'Make it larger' })],
      body: jsonBody(
        z.union([cloneRequest, driveResizeRequest]),
        {
          clone: CLONE,
          resize: { summary: 'Two mebibytes', value: { name: 'scratch', media: 'disk', size: 2_097_152 } },
        },
        false,
      ),
      answers: { 202: jsonAnswer('The clone, or the drive', objectsOf(driveResponse)) },
      failures: [...CLONING, ...EDITING],
    },
  },
};
