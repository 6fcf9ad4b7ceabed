import { z } from 'zod';
import { BYTES, DIGEST_HEADERS, type ParameterDescription } from '../../shared/openapi/description.ts';
import { PROTOCOL_ERRORS, UPLOAD_HEADERS } from '../errors.ts';
import { mediaRemoveRequest } from '../m/media.ts';
import { mediaCreateResponse, mediaCreateRequest } from '../m/media-create.ts';
import { mediaListResponse, mediaListRequest } from '../m/media-list.ts';
import { poolAssignRequest, poolRevokeRequest } from '../m/pool-assign.ts';
import { poolListResponse, poolListRequest } from '../m/pool-list.ts';
import { byteCount, gid, mid, mpid, name, emptyResponse } from '../wire.ts';
import { answered, jsonBody, type VelocityCall } from './call.ts';

const SOME_MEDIA = '6f1c2f5e-7d0b-4f0c-9a55-2b8f9f0a1d3e';

export const POOLS = {
  'PUT /m/pool/assign': {
    summary: 'Assign a pool to a group, or change the assignment',
    description: 'Needs `velocity.pool.assign` on the group. The quota is in bytes; 0 sets no limit.',
    body: jsonBody(poolAssignRequest, {
      usual: {
        summary: 'A gibibyte, with every right',
        value: { gid: 1, mpid: 1, quota: 1_073_741_824, write: true, manage: true },
      },
      text: {
        summary: 'Numbers may be text',
        value: { gid: '1', mpid: '1', quota: '1073741824', write: false, manage: true },
      },
    }),
    answers: answered('Assigned', emptyResponse),
  },
  'DELETE /m/pool/assign': {
    summary: 'Take a pool from a group',
    description:
      'Needs `velocity.pool.revoke` on the group. Media that it has there stay, and count, but are not listed.',
    body: jsonBody(poolRevokeRequest, { usual: { summary: 'A pool', value: { gid: 1, mpid: 1 } } }),
    answers: answered('Taken', emptyResponse),
  },
  'POST /m/pool/list': {
    summary: 'List the pools of a group',
    description: 'Needs `velocity.pool.list` on it. `quota`, `used` and `available` go beyond the contract.',
    body: jsonBody(poolListRequest, { usual: { summary: 'A group', value: { gid: 1 } } }),
    answers: answered('The pools, in the order of the configuration', poolListResponse),
  },
} as const satisfies Readonly<Record<string, VelocityCall>>;

/** The description of each header that an upload must have. */
const REQUIRED_HEADERS: Readonly<
  Record<keyof typeof UPLOAD_HEADERS, Pick<ParameterDescription, 'description' | 'schema' | 'example'>>
> = {
  'content-length': { description: 'How many bytes will come.', schema: byteCount, example: 20 },
  'x-velocity-mpid': { description: 'Where to put them.', schema: mpid, example: 1 },
  'x-velocity-gid': { description: 'Whose they are.', schema: gid, example: 1 },
  'x-velocity-name': {
    description: 'Unique in the pool: the bytes of UTF-8 as they are, or as in RFC 8187.',
    schema: name,
    example: 'debian.iso',
  },
  'x-velocity-type': { description: 'Such as `ISO` or `DISK`.', schema: name, example: 'ISO' },
  'x-velocity-readonly': {
    description: 'Whether guests may write to them.',
    schema: z.enum(['true', 'false']),
    example: 'true',
  },
};

const PLAIN_DIGEST: ParameterDescription = {
  name: 'x-velocity-sha256',
  in: 'header',
  required: false,
  description: 'The same in hexadecimal.',
  schema: z.string().regex(/^[0-9A-Fa-f]{64}$/),
};

export const MEDIA = {
  'PUT /m/media/create': {
    summary: 'Make media that are all zeros',
    description:
      'Needs `velocity.media.create` on the group, and its `manage` on the pool. Without a type they are a `DISK`.',
    body: jsonBody(mediaCreateRequest, {
      usual: { summary: 'A mebibyte', value: { mpid: 1, gid: 1, name: 'empty.img', size: 1_048_576 } },
      typed: {
        summary: 'Of another type',
        value: { mpid: 1, gid: 1, name: 'floppy.img', type: 'FLOPPY', size: '1474560' },
      },
    }),
    answers: answered('The media, finished', mediaCreateResponse),
  },
  'PUT /m/media/upload': {
    summary: 'Upload media',
    description:
      'Needs `velocity.media.create` on the group, and its `manage` on the pool. It is refused or admitted before the first byte is read, ' +
      'so that `Expect: 100-continue` saves sending what would be refused.',
    parameters: [
      ...Object.entries(REQUIRED_HEADERS).map(([name, said]) => ({
        name,
        in: 'header' as const,
        required: true,
        ...said,
      })),
      ...DIGEST_HEADERS,
      PLAIN_DIGEST,
    ],
    body: {
      type: 'application/octet-stream',
      schema: null,
      required: true,
      description: 'The bytes as they are.',
      examples: { usual: { summary: 'Twenty bytes', value: 'the bytes of an ISO!' } },
    },
    answers: answered('The media, finished and durable', mediaCreateResponse),
    failures: [...Object.entries(UPLOAD_HEADERS), ['unsupported-content', PROTOCOL_ERRORS['unsupported-content']]],
  },
  'DELETE /m/media': {
    summary: 'Remove media',
    description: 'Needs `velocity.media.remove` on their group, and its `manage` on the pool.',
    body: jsonBody(mediaRemoveRequest, { usual: { summary: 'One piece of media', value: { mid: SOME_MEDIA } } }),
    answers: answered('Removed', emptyResponse),
  },
  'POST /m/media/list': {
    summary: 'List the media of a group',
    description:
      'Needs `velocity.media.list` on it. `in_use`, `sha256`, `format`, `virtual_size`, `label` and `encrypted` go beyond the contract.',
    body: jsonBody(mediaListRequest, { usual: { summary: 'A group', value: { gid: 1 } } }),
    answers: answered('Its finished media, in the pools that are assigned to it', mediaListResponse),
  },
  'GET /m/media/{mid}/content': {
    summary: 'Read the bytes of media',
    description:
      'Beyond the contract. Needs `velocity.media.list` on their group. `HEAD` answers the same without the bytes.',
    parameters: [
      { name: 'mid', in: 'path', required: true, description: 'One piece of media.', schema: mid, example: SOME_MEDIA },
      {
        name: 'range',
        in: 'header',
        required: false,
        description: 'A part, such as `bytes=0-3` (RFC 9110), of a GET. Several parts are answered with the whole.',
        schema: z.string(),
        example: 'bytes=0-3',
      },
    ],
    answers: {
      ...BYTES,
      307: { description: 'The bytes are in S3, and can be had from there', headers: ['Cache-Control', 'Location'] },
    },
    failures: [
      ['range-refused', PROTOCOL_ERRORS['range-refused']],
      ['precondition-failed', PROTOCOL_ERRORS['precondition-failed']],
    ],
  },
} as const satisfies Readonly<Record<string, VelocityCall>>;
