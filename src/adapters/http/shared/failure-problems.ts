import type { DomainError, FailureCode, FailureDetails } from '../../../domain/shared/domain-error.ts';
import { problemType, type Problem } from './problem.ts';
import { problemSentence } from './problem-sentences.ts';

type Row<Code extends FailureCode> = readonly [
  status: number,
  title: string,
  /** Returns the numbers of the case, and `field` for bad input. */
  members?: (detail: FailureDetails[Code]) => Readonly<Record<string, unknown>>,
];

const retryAfter = ({
  retryAfterSeconds,
}: {
  readonly retryAfterSeconds: number;
}): Readonly<Record<string, unknown>> => ({ retry_after_seconds: retryAfterSeconds });

const field = (name: string) => (): Readonly<Record<string, unknown>> => ({ field: name });

/**
 * Each failure as a problem (RFC 9457), for every dialect that speaks `application/problem+json`.
 * The compiler sees to it that none is left out.
 */
const FAILURES: { readonly [Code in FailureCode]: Row<Code> } = {
  'not-authenticated': [401, 'Credentials are required'],
  'wrong-credentials': [401, 'The credentials are wrong'],
  'too-many-logins': [429, 'Too many logins failed', retryAfter],
  'authkey-unknown': [401, 'The authkey is unknown'],
  'authkey-expired': [401, 'The authkey has expired'],
  'token-not-found': [404, 'There is no such token'],
  'scope-missing': [403, 'The token is not meant for this', ({ scope }) => ({ scope })],
  'permission-missing': [403, 'A permission is missing', ({ permission }) => ({ permission })],
  'permission-above-own': [403, 'The permission is above your own', ({ permission }) => ({ permission })],
  protected: [403, 'The resource is protected'],
  'home-group-missing': [403, 'There is no home group'],
  'home-group-forbidden': [403, 'The group cannot be a home group'],
  'root-rights-fixed': [403, 'The rights of the root group are fixed'],
  'user-not-found': [404, 'There is no such user'],
  'group-not-found': [404, 'There is no such group'],
  'pool-not-found': [404, 'There is no such pool'],
  'media-not-found': [404, 'There is no such media item'],
  'link-not-found': [404, 'There is no such link'],
  'idempotency-key-reused': [422, 'The idempotency key belongs to another request'],
  'idempotency-key-busy': [409, 'The first request with the idempotency key is under way'],
  'job-not-found': [404, 'There is no such job'],
  'server-not-found': [404, 'There is no such server'],
  'tag-not-found': [404, 'There is no such tag'],
  'named-tag-not-found': [404, 'There is no such tag'],
  'resource-not-found': [404, 'There is no such drive or server'],
  'permission-not-found': [404, 'There is no such permission'],
  'attachment-not-found': [404, 'There is no such media item'],
  'user-name-taken': [409, 'The name is taken', field('name')],
  'group-name-taken': [409, 'The name is taken', field('name')],
  'media-name-taken': [409, 'The name is taken', field('name')],
  'name-invalid': [400, 'The name is invalid', field('name')],
  'password-invalid': [400, 'The password is invalid', field('password')],
  'groups-too-deep': [400, 'Groups nest too deep', ({ max }) => ({ max })],
  'too-many-possessions': [403, 'You have too many of them', ({ of, max }) => ({ of, max })],
  'definitions-too-large': [403, 'Your definitions are too large', ({ max }) => ({ max_bytes: max })],
  'not-manager': [403, 'The group may not manage the pool'],
  'not-writer': [403, 'The group may not write to the pool'],
  'quota-exceeded': [
    403,
    'The quota is exceeded',
    (detail) =>
      detail.limitedBy === 'items'
        ? { limited_by: 'items', max: detail.max }
        : { limited_by: detail.limitedBy, needed_bytes: detail.needed, available_bytes: detail.left },
  ],
  'media-in-use': [409, 'The media item is in use'],
  'media-protected': [409, 'The media item is protected'],
  'group-protected': [409, 'The group has protected media items', ({ count, items }) => ({ count, items })],
  'job-ended': [409, 'The job has ended'],
  'media-busy': [409, 'The media item is busy'],
  'media-published': [403, 'The media item belongs to the library'],
  'library-disk': [403, 'Library disks cannot be attached'],
  'attached-elsewhere': [409, 'The media item is attached to another server'],
  'attached-twice': [400, 'The media item is attached twice'],
  'slots-invalid': [400, 'The slots are invalid'],
  'media-not-empty': [400, 'The media item is not empty'],
  'image-not-growable': [400, 'The image cannot grow', ({ format }) => ({ format })],
  'clone-too-small': [400, 'The clone is too small', ({ min }) => ({ min_bytes: min, field: 'size' })],
  'body-too-short': [
    400,
    'The body is too short',
    ({ promised, received }) => ({ promised_bytes: promised, received_bytes: received }),
  ],
  'body-too-long': [413, 'The body is too long', ({ promised }) => ({ promised_bytes: promised })],
  'body-cut-off': [400, 'The body was cut off'],
  'body-too-slow': [408, 'The body arrived too slowly'],
  'format-refused': [422, 'The image is refused'],
  'digest-mismatch': [422, 'The digest does not match'],
  'unknown-upload': [404, 'There is no such upload'],
  'upload-gone': [410, 'The upload has ended'],
  'upload-offset-mismatch': [409, 'The upload is at another offset', ({ offset }) => ({ offset })],
  'upload-locked': [423, 'Another request writes to the upload', retryAfter],
  'upload-verifying': [423, 'The upload is being verified', retryAfter],
  'checksum-mismatch': [460, 'The checksum does not match'],
  'chunk-refused': [400, 'The upload has no such chunk'],
  'chunk-not-found': [404, 'The chunk is not uploaded yet'],
  'chunk-stored': [416, 'The chunk is already uploaded'],
  'chunk-link-refused': [403, 'The link is not valid'],
  'imports-off': [403, 'Imports are switched off'],
  'url-invalid': [400, 'The URL is invalid', field('url')],
  'source-unreachable': [422, 'The URL cannot be reached'],
  'source-refused': [422, 'The source refuses the request', ({ status }) => ({ source_status: status })],
  'source-changed': [422, 'The source has changed'],
  'length-required': [422, 'The length is not known', field('size')],
  'source-too-large': [422, 'The source is too large', ({ max }) => ({ max_bytes: max })],
  'source-cut-off': [
    422,
    'The source was cut off',
    ({ received, length }) => ({ received_bytes: received, length_bytes: length }),
  ],
  'checksum-differs': [422, 'The checksum differs', ({ expected, actual }) => ({ expected, actual })],
  'checksum-not-found': [422, 'There is no checksum for the file'],
  'import-expired': [422, 'The import took too long', ({ maxSeconds }) => ({ max_seconds: maxSeconds })],
  'bytes-missing': [503, 'The bytes cannot be read'],
  'bytes-damaged': [503, 'The bytes are damaged'],
  'no-space': [507, 'The storage is full'],
  'search-too-broad': [503, 'The search takes too long', retryAfter],
  unavailable: [503, 'Temporarily unavailable', retryAfter],
};

/** Returns the problem that a failure is. */
export function failureProblem<Code extends FailureCode>(failure: DomainError<Code>): Problem {
  const { code, detail } = failure;
  const [status, title, members = () => ({})] = FAILURES[code];
  return {
    type: problemType(code),
    title,
    status,
    detail: problemSentence(failure),
    code,
    ...members(detail),
  };
}

/** Returns the status and the title that a failure has. */
export function failureRow(code: FailureCode): readonly [status: number, title: string] {
  const [status, title] = FAILURES[code];
  return [status, title];
}

/** The codes of all failures. */
export const FAILURE_CODES = Object.keys(FAILURES) as readonly FailureCode[];
