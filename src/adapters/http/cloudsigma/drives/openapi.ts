import { z } from 'zod';
import { BYTES, DIGEST_HEADERS, jsonAnswer, type ParameterDescription } from '../../shared/openapi/description.ts';
import { byteCount } from '../../shared/whole-number.ts';
import { NO_CONTENT, jsonBody, ok, type CloudsigmaCall, type DescribedResource } from '../openapi/call.ts';
import { actionParameter, fieldsParameter, filter, listParameters, UUID } from '../openapi/parameters.ts';
import { objectsOf, oneOrMany, pageOf, resourceSchemaResponse } from '../openapi/shapes.ts';
import { chunkLinkRequest } from './chunk-links.ts';
import { cloneRequest } from './clone.ts';
import { driveUpdateRequest, driveReferenceRequest, driveResizeRequest, driveCreateRequest } from './drive-fields.ts';
import { SIGNING } from './openapi-uploads.ts';
import { CLONING, EDITING, MAKING, REMOVING } from './openapi-failures.ts';
import { briefDriveResponse, driveResponse } from './openapi-shapes.ts';

const list = {
  parameters: [...listParameters('uuid,status'), ...['name', 'name__contains', 'tag', 'uuid'].map(filter)],
};

export const BRIEF_LIST: CloudsigmaCall = {
  ...list,
  summary: 'List drives',
  description: 'Answers four fields of each drive, or the requested ones.',
  answers: ok('One page of them', pageOf(z.union([briefDriveResponse.whole, driveResponse.projected]))),
};

export const FULL_LIST: CloudsigmaCall = {
  ...list,
  summary: 'List drives with all their fields',
  answers: ok('One page of them', pageOf(driveResponse.projected)),
};

const upload: CloudsigmaCall = {
  summary: 'Upload a drive',
  description: 'Creates a `disk` whose name is `upload-` and the beginning of its uuid.',
  parameters: [
    {
      name: 'content-length',
      in: 'header',
      required: true,
      description: 'The size in bytes.',
      schema: byteCount,
      example: 19,
    },
    ...DIGEST_HEADERS,
  ],
  body: {
    type: 'application/octet-stream',
    schema: null,
    required: true,
    description: 'The raw bytes.',
    examples: { usual: { summary: 'Nineteen bytes', value: 'the bytes of a disk' } },
  },
  answers: {
    201: { description: 'The uuid of the complete drive', content: { type: 'text/plain', schema: z.uuid() } },
  },
  failures: MAKING,
  bytes: 'in',
};

const FILE_NAME: ParameterDescription = {
  name: 'file_name',
  in: 'path',
  required: true,
  description: 'Any text; it has no effect.',
  schema: z.string(),
  example: 'disk.img',
};

const CLONE = { summary: 'With a name', value: { name: 'a clone of mine' } };

/** `POST /{resource}/{uuid}/action/?do=clone` */
export const cloneCall: CloudsigmaCall = {
  summary: 'Clone a drive',
  description: 'Ignores the query `avoid`. The body is optional.',
  parameters: [UUID, actionParameter({ clone: 'Clone a drive' })],
  body: jsonBody(cloneRequest, { clone: CLONE }, false),
  answers: { 202: jsonAnswer('The clone, which may still be copied', objectsOf(driveResponse)) },
  failures: CLONING,
};

export const DRIVES: DescribedResource = {
  name: 'drives',
  description: 'The drives of the caller and its groups: create, upload, clone and attach them.',
  calls: {
    'GET /drives/': BRIEF_LIST,
    'POST /drives/': {
      summary: 'Create drives',
      description: 'Creates one or several, all of them or none.',
      body: jsonBody(oneOrMany(driveCreateRequest), {
        one: { summary: 'One', value: { name: 'disk', size: 1_048_576, media: 'disk' } },
        many: {
          summary: 'Several',
          value: {
            objects: [
              { name: 'first', size: 4096, media: 'disk', meta: { purpose: 'scratch' } },
              { name: 'second', size: '4096', media: 'cdrom', allow_multimount: true, affinities: ['ssd'] },
            ],
          },
        },
      }),
      answers: { 201: jsonAnswer('The drives, with the status `creating`', objectsOf(driveResponse)) },
      failures: MAKING,
    },
    'DELETE /drives/': {
      summary: 'Delete drives',
      description: 'Deletes all named drives or none.',
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
      description: 'Also for library drives.',
      parameters: [UUID, fieldsParameter('name,status')],
      answers: ok('The drive', driveResponse.projected),
      failures: ['media-not-found'],
    },
    'PUT /drives/{uuid}/': {
      summary: 'Change a drive',
      description:
        'Absent fields stay as they are; fields that cannot be changed are ignored. With `name`, `media` and `size` and without `tags`, the tags of the caller are removed. A new `size` is answered with the status `resizing`.',
      parameters: [UUID, fieldsParameter('name,meta')],
      body: jsonBody(driveUpdateRequest, {
        meta: {
          summary: 'Another name, and texts of the user',
          value: { name: 'scratch', meta: { purpose: 'tests' } },
        },
        larger: { summary: 'Another size', value: { size: 2_097_152 } },
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
      summary: 'Clone or resize a drive, or begin to upload a chunk of it',
      description:
        'A clone may have no body, and ignores the query `avoid`. `resize` is the same full update as `PUT`, with a `size`. `upload_chunk` answers a link to which the bytes of that chunk can be sent.',
      parameters: [
        UUID,
        actionParameter({
          clone: 'Clone a drive',
          resize: 'Resize a drive',
          upload_chunk: 'Ask for the link of a chunk',
        }),
      ],
      body: jsonBody(
        z.union([cloneRequest, driveResizeRequest, chunkLinkRequest]),
        {
          clone: CLONE,
          upload_chunk: { summary: 'The first chunk', value: { chunk_number: 0, chunk_size: 5_242_880 } },
          resize: { summary: 'Two mebibytes', value: { name: 'scratch', media: 'disk', size: 2_097_152 } },
        },
        false,
      ),
      answers: {
        ...ok('The link', z.object({ link: z.string() })),
        202: jsonAnswer('The clone, or the drive', objectsOf(driveResponse)),
      },
      failures: [...CLONING, ...EDITING, ...SIGNING],
    },
  },
};
