import { z } from 'zod';
import type { FailureCode } from '../../../domain/shared/domain-error.ts';
import { failureRow } from '../shared/failure-problems.ts';
import {
  headersOf,
  type AnswerDescriptions,
  type CallDescription,
  type ParameterDescription,
  type PartDescription,
} from '../shared/openapi/description.ts';
import { problemResponses, rowsOf, type ProblemRows } from '../shared/openapi/problem-responses.ts';
import type { REQUEST_PROBLEMS } from '../shared/problems.ts';
import { APPENDED } from './append-body.ts';
import { ROOT, type Operation, type OperationFailures } from './operations.ts';
import { formatUploadMetadata } from './upload-metadata.ts';
import { TUS_VERSION } from './version.ts';

const TAG = 'Resumable uploads (tus)';
const SOME_UPLOAD = '6f1c2f5e-7d0b-4f0c-9a55-2b8f9f0a1d3e';
const TWENTY_BYTES = 'the bytes of an ISO!';

type FailuresOf<Name extends Operation> = Readonly<Record<OperationFailures[Name], true>>;

const CALLERS = {
  'not-authenticated': true,
  'wrong-credentials': true,
  'too-many-logins': true,
  'scope-missing': true,
  unavailable: true,
} as const;
const VIEWS = { ...CALLERS, 'unknown-upload': true, 'upload-gone': true } as const;
const RIGHTS = { 'permission-missing': true, 'not-manager': true, 'group-not-found': true } as const;
const APPENDS: FailuresOf<'PATCH /{id}'> = {
  ...VIEWS,
  ...RIGHTS,
  'upload-offset-mismatch': true,
  'upload-locked': true,
  'upload-verifying': true,
  'checksum-mismatch': true,
  'body-too-short': true,
  'body-too-long': true,
  'body-cut-off': true,
  'body-too-slow': true,
  'digest-mismatch': true,
  'format-refused': true,
  'quota-exceeded': true,
  'no-space': true,
};

/**
 * The failures of each call. The compiler checks that the table has the failures of the use cases.
 */
const FAILURES: { readonly [Name in Operation]: FailuresOf<Name> } = {
  'POST /': {
    ...APPENDS,
    'name-invalid': true,
    'pool-not-found': true,
    'media-name-taken': true,
    'too-many-possessions': true,
  },
  'HEAD /{id}': { ...VIEWS, ...RIGHTS, 'upload-verifying': true },
  'PATCH /{id}': APPENDS,
  'DELETE /{id}': VIEWS,
};

type Kind = keyof typeof REQUEST_PROBLEMS;

/** What the protocol refuses before any use case runs. */
const ALWAYS: readonly Kind[] = [
  'malformed',
  'foreign-origin',
  'precondition-failed',
  'not-implemented',
  'internal-error',
];
const OF_BODIES: readonly Kind[] = ['unsupported-content'];

/** The status that a failure has in this protocol; see `failureAnswer`. */
function statusesOf(operation: Operation, code: FailureCode): readonly number[] {
  const [status] = failureRow(code);
  if (operation === 'HEAD /{id}' && (status === 429 || status === 503)) return [423];
  if (code === 'body-too-slow') return [423];
  return code === 'quota-exceeded' ? [status, 413] : [status];
}

function failuresOf(operation: Operation, kinds: readonly Kind[]): AnswerDescriptions {
  const codes = Object.keys(FAILURES[operation]) as readonly FailureCode[];
  return tusProblems([
    ...codes.flatMap((code) => statusesOf(operation, code).map((status) => [code, status] as const)),
    ...rowsOf(kinds),
  ]);
}

function tusProblems(rows: ProblemRows): AnswerDescriptions {
  return problemResponses(rows, (status) => {
    const own = status === 409 ? (['Upload-Offset'] as const) : status === 412 ? (['Tus-Version'] as const) : [];
    return [...headersOf(status), 'Tus-Resumable', ...own];
  });
}

const VERSION: ParameterDescription = {
  name: 'Tus-Resumable',
  in: 'header',
  required: true,
  description: 'The version of the protocol.',
  schema: z.literal(TUS_VERSION),
  example: TUS_VERSION,
};
const ID: ParameterDescription = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'An upload, by the id in its location. The media item will have it too.',
  schema: z.string(),
  example: SOME_UPLOAD,
};
const CHECKSUM: ParameterDescription = {
  name: 'Upload-Checksum',
  in: 'header',
  required: false,
  description: 'What the bytes of this request have: `sha1`, `sha256` or `md5`, a space, and the digest in Base64.',
  schema: z.string(),
};

const body = (required: boolean): NonNullable<CallDescription['body']> => ({
  type: APPENDED,
  schema: null,
  required,
  description: required ? 'The bytes to append.' : 'The first bytes, if they come along.',
  examples: { usual: { summary: 'Twenty bytes', value: TWENTY_BYTES } },
});

const SECURITY = ['authkey', 'token', 'session', 'password'] as const;
const UPLOAD_HEADERS = ['Tus-Resumable', 'Upload-Offset', 'Upload-Expires', 'Platter-Media', 'Cache-Control'] as const;

const CALLS: Readonly<Record<Operation, Omit<CallDescription, 'tag' | 'security'>>> = {
  'POST /': {
    summary: 'Create an upload',
    description:
      'Needs `velocity.media.create` on the group, and its `manage` on the pool. The length is charged and the name is taken at once. ' +
      'The same creation again returns the same upload, as long as no byte has arrived. A body is appended (`creation-with-upload`).',
    parameters: [
      VERSION,
      {
        name: 'Upload-Length',
        in: 'header',
        required: true,
        description: 'How many bytes will come, over all requests.',
        schema: z.int().min(0),
        example: TWENTY_BYTES.length,
      },
      {
        name: 'Upload-Metadata',
        in: 'header',
        required: true,
        description:
          'Pairs of a key and a value in Base64: `filename` or `name`, `group`, and if need be `pool`, `velocity_type` or `type`, `readonly`, `sha256`.',
        schema: z.string(),
        example: formatUploadMetadata({ filename: 'large.iso', group: '0' }),
      },
      CHECKSUM,
    ],
    body: body(false),
    answers: {
      201: { description: 'The upload, at `Location`', headers: [...UPLOAD_HEADERS, 'Location'] },
      ...failuresOf('POST /', [...ALWAYS, ...OF_BODIES, 'body-too-large']),
    },
  },
  'HEAD /{id}': {
    summary: 'Ask how many bytes have arrived',
    description:
      'Only its creator, and holders of `velocity.media.remove` on its group, see an upload. What is temporary is 423, never 429 or 503.',
    parameters: [ID, VERSION],
    answers: {
      200: { description: 'The upload', headers: [...UPLOAD_HEADERS, 'Upload-Length', 'Upload-Metadata'] },
      ...failuresOf('HEAD /{id}', ALWAYS),
    },
  },
  'PATCH /{id}': {
    summary: 'Append bytes',
    description:
      'The last bytes finish the media item: then `Platter-Media` is there. Bytes that are refused as an image end the upload.',
    parameters: [
      ID,
      VERSION,
      {
        name: 'Upload-Offset',
        in: 'header',
        required: true,
        description: 'How many bytes have arrived so far.',
        schema: z.int().min(0),
        example: 0,
      },
      CHECKSUM,
    ],
    body: body(true),
    answers: {
      204: { description: 'The bytes are durable', headers: UPLOAD_HEADERS },
      ...failuresOf('PATCH /{id}', [...ALWAYS, ...OF_BODIES]),
    },
  },
  'DELETE /{id}': {
    summary: 'End an upload',
    description: 'Its name, its charge and its bytes are gone. A finished upload is not found, and its item stays.',
    parameters: [ID, VERSION],
    answers: {
      204: { description: 'The upload has ended', headers: ['Tus-Resumable', 'Cache-Control'] },
      ...failuresOf('DELETE /{id}', ALWAYS),
    },
  },
};

/** The tus protocol in the OpenAPI document. */
export const TUS: PartDescription = {
  tags: [
    {
      name: TAG,
      description:
        'Uploads that survive broken connections: tus 1.0.0 with `creation`, `creation-with-upload`, `expiration`, `checksum` and `termination`. ' +
        '`OPTIONS` says so, and the largest size, without credentials.',
    },
  ],
  security: {},
  calls: Object.fromEntries(
    (Object.entries(CALLS) as [Operation, (typeof CALLS)[Operation]][]).map(([operation, call]) => [
      operation.replace(' ', ` ${ROOT}`),
      { ...call, tag: TAG, security: SECURITY },
    ]),
  ),
  commonErrors: [
    {
      root: `${ROOT}/`,
      description: 'Of the tus protocol.',
      answers: {
        204: { description: 'The answer to `OPTIONS`.' },
        ...tusProblems([
          ...rowsOf(['malformed', 'no-such-path', 'wrong-method', 'not-implemented', 'internal-error']),
          ['unavailable', failureRow('unavailable')[0]],
        ]),
      },
    },
  ],
};
