import { z } from 'zod';
import { BYTES, DIGEST_HEADERS, type ParameterDescription } from '../../shared/openapi/description.ts';
import { byteCount } from '../../shared/whole-number.ts';
import { PROTOCOL_ERRORS, UPLOAD_HEADERS } from '../errors.ts';
import { mediaRemoveRequest } from '../m/media.ts';
import { mediaCreateResponse, mediaCreateRequest } from '../m/media-create.ts';
import { mediaListResponse, mediaListRequest } from '../m/media-list.ts';
import { poolAssignRequest, poolRevokeRequest } from '../m/pool-assign.ts';
import { poolListResponse, poolListRequest } from '../m/pool-list.ts';
import { gid, mid, mpid, name, emptyResponse } from '../wire.ts';
import { answered, jsonBody, type VelocityCall } from './call.ts';

const EXAMPLE_MID = '6f1c2f5e-7d0b-4f0c-9a55-2b8f9f0a1d3e';

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
        summary: 'Numbers as strings',
        value: { gid: '1', mpid: '1', quota: '1073741824', write: false, manage: true },
      },
    }),
    answers: answered('Assigned', emptyResponse),
  },
  'DELETE /m/pool/assign': {
    summary: 'Revoke a pool from a group',
    description:
      'Needs `velocity.pool.revoke` on the group. The media that the group has there stay and count, but are not listed.',
    body: jsonBody(poolRevokeRequest, { usual: { summary: 'A pool', value: { gid: 1, mpid: 1 } } }),
    answers: answered('Revoked', emptyResponse),
  },
  'POST /m/pool/list': {
    summary: 'List the pools of a group',
    description: 'Needs `velocity.pool.list` on it. `quota`, `used` and `available` go beyond the contract.',
    body: jsonBody(poolListRequest, { usual: { summary: 'A group', value: { gid: 1 } } }),
    answers: answered('The pools, in the order of the configuration', poolListResponse),
  },
} as const satisfies Readonly<Record<string, VelocityCall>>;

/** The required headers of an upload. */
const REQUIRED_HEADERS: Readonly<
  Record<keyof typeof UPLOAD_HEADERS, Pick<ParameterDescription, 'description' | 'schema' | 'example'>>
> = {
  'content-length': { description: 'The size in bytes.', schema: byteCount, example: 20 },
  'x-velocity-mpid': { description: 'The pool.', schema: mpid, example: 1 },
  'x-velocity-gid': { description: 'The group.', schema: gid, example: 1 },
  'x-velocity-name': {
    description: 'A name, unique in the pool: raw UTF-8, or encoded as in RFC 8187.',
    schema: name,
    example: 'debian.iso',
  },
  'x-velocity-type': { description: 'The type, such as `ISO` or `DISK`.', schema: name, example: 'ISO' },
  'x-velocity-readonly': {
    description: '`true` forbids guests to write to it.',
    schema: z.enum(['true', 'false']),
    example: 'true',
  },
};

const PLAIN_DIGEST: ParameterDescription = {
  name: 'x-velocity-sha256',
  in: 'header',
  required: false,
  description: 'The SHA-256 of the bytes, in hexadecimal.',
  schema: z.string().regex(/^[0-9A-Fa-f]{64}$/),
};

export const MEDIA = {
  'PUT /m/media/create': {
    summary: 'Create a media item of zeros',
    description:
      'Needs `velocity.media.create` on the group, and its `manage` on the pool. The type is `DISK` by default.',
    body: jsonBody(mediaCreateRequest, {
      usual: { summary: 'A mebibyte', value: { mpid: 1, gid: 1, name: 'empty.img', size: 1_048_576 } },
      typed: {
        summary: 'Another type',
        value: { mpid: 1, gid: 1, name: 'floppy.img', type: 'FLOPPY', size: '1474560' },
      },
    }),
    answers: answered('The item', mediaCreateResponse),
  },
  'PUT /m/media/upload': {
    summary: 'Upload a media item',
    description:
      'Needs `velocity.media.create` on the group, and its `manage` on the pool. The upload is admitted or refused before the first byte is read, ' +
      'so that a client with `Expect: 100-continue` does not send bytes that would be refused.',
    parameters: [
      ...Object.entries(REQUIRED_HEADERS).map(([name, header]) => ({
        name,
        in: 'header' as const,
        required: true,
        ...header,
      })),
      ...DIGEST_HEADERS,
      PLAIN_DIGEST,
    ],
    body: {
      type: 'application/octet-stream',
      schema: null,
      required: true,
      description: 'The raw bytes.',
      examples: { usual: { summary: 'Twenty bytes', value: 'the bytes of an ISO!' } },
    },
    answers: answered('The item, complete and durable', mediaCreateResponse),
    failures: [...Object.entries(UPLOAD_HEADERS), ['unsupported-content', PROTOCOL_ERRORS['unsupported-content']]],
  },
  'DELETE /m/media': {
    summary: 'Remove a media item',
    description: 'Needs `velocity.media.remove` on its group, and the `manage` of that group on the pool.',
    body: jsonBody(mediaRemoveRequest, { usual: { summary: 'An item', value: { mid: EXAMPLE_MID } } }),
    answers: answered('Removed', emptyResponse),
  },
  'POST /m/media/list': {
    summary: 'List the media of a group',
    description:
      'Needs `velocity.media.list` on it. `in_use`, `sha256`, `format`, `virtual_size`, `label` and `encrypted` go beyond the contract.',
    body: jsonBody(mediaListRequest, { usual: { summary: 'A group', value: { gid: 1 } } }),
    answers: answered('Its complete items, in the pools that are assigned to it', mediaListResponse),
  },
  'GET /m/media/{mid}/content': {
    summary: 'Read the bytes of a media item',
    description:
      'Beyond the contract. Needs `velocity.media.list` on its group. `HEAD` answers the same without the bytes.',
    parameters: [
      { name: 'mid', in: 'path', required: true, description: 'A media item.', schema: mid, example: EXAMPLE_MID },
      {
        name: 'range',
        in: 'header',
        required: false,
        description: 'A range of a GET, such as `bytes=0-3` (RFC 9110). Several ranges are answered with the whole.',
        schema: z.string(),
        example: 'bytes=0-3',
      },
    ],
    answers: {
      ...BYTES,
      307: { description: 'The bytes are in S3: a URL to read them from', headers: ['Cache-Control', 'Location'] },
    },
    failures: [
      ['range-refused', PROTOCOL_ERRORS['range-refused']],
      ['precondition-failed', PROTOCOL_ERRORS['precondition-failed']],
    ],
  },
} as const satisfies Readonly<Record<string, VelocityCall>>;
