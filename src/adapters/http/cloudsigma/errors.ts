import {
  isFailure,
  type DomainError,
  type FailureCode,
  type FailureDetails,
} from '../../../domain/shared/domain-error.ts';
import type { RequestErrorKind } from '../shared/request-error.ts';
import { growthSentence, notGrowable } from '../shared/image-sentences.ts';

/** What kind of error it is, for clients that look at nothing else (docs/cloudsigma.md#manners). */
export type ErrorType = 'validation' | 'permission' | 'notexist' | 'concurrency' | 'billing' | 'backend' | 'database';

/** The type and the status of an answer. */
export type Row = readonly [type: ErrorType, status: number];

type FailureRow<Code extends FailureCode> = readonly [
  type: ErrorType,
  status: number,
  message: (detail: FailureDetails[Code]) => string,
  /** The field at fault. */
  point?: string,
];

/** What goes wrong before or outside of any use case. */
export const PROTOCOL_ERRORS = {
  malformed: ['validation', 400],
  'foreign-origin': ['permission', 403],
  'no-such-path': ['notexist', 404],
  'wrong-method': ['validation', 405],
  'not-acceptable': ['validation', 406],
  'body-too-large': ['validation', 413],
  'precondition-failed': ['validation', 412],
  'unsupported-content': ['validation', 415],
  'range-refused': ['validation', 416],
  'not-implemented': ['backend', 501],
  unknown: ['backend', 500],
} as const satisfies Record<RequestErrorKind | 'unknown', Row>;

/**
 * The table of the dialect: what each failure is to its clients. The compiler sees to it that none
 * is left out.
 */
const FAILURES: { readonly [Code in FailureCode]: FailureRow<Code> } = {
  'not-authenticated': ['permission', 401, () => 'a user name and a password are required'],
  'wrong-credentials': ['permission', 401, () => 'wrong user name or password'],
  'too-many-logins': [
    'permission',
    429,
    ({ retryAfterSeconds }) => `too many failed logins: try again in ${retryAfterSeconds} s`,
  ],
  'authkey-unknown': ['permission', 401, () => 'there is no such authkey'],
  'authkey-expired': ['permission', 401, () => 'the authkey has expired'],
  'permission-missing': ['permission', 403, ({ permission }) => `the permission ${permission} is missing`],
  'permission-above-own': ['permission', 403, ({ permission }) => `you do not hold ${permission} there yourself`],
  protected: ['permission', 403, () => 'the root group and the root user stay as they are'],
  'home-group-missing': [
    'permission',
    403,
    () =>
      'you have no home group in which you may create drives: choose a group on which you hold velocity.media.create ' +
      'and set it with PATCH /u/user {"home_gid": <gid>} in the Velocity API, or ask the user who created you or the operator to do so',
  ],
  'home-group-forbidden': ['permission', 403, () => 'the user may not create drives in this group'],
  'root-rights-fixed': ['permission', 403, () => 'the rights of the root group stay as they are'],
  'user-not-found': ['notexist', 404, () => 'there is no such user'],
  'group-not-found': ['notexist', 404, () => 'there is no such group'],
  'pool-not-found': ['notexist', 404, () => 'there is no such pool'],
  'media-not-found': ['notexist', 404, () => 'there is no such drive'],
  'job-not-found': ['notexist', 404, () => 'there is no such job'],
  'server-not-found': ['notexist', 404, () => 'there is no such server'],
  'tag-not-found': ['notexist', 404, () => 'there is no such tag'],
  'named-tag-not-found': ['notexist', 404, () => 'there is no such tag', 'tags'],
  'resource-not-found': ['notexist', 404, () => 'there is no such drive or server', 'resources'],
  'permission-not-found': ['notexist', 404, () => 'there is no such permission'],
  'user-name-taken': ['validation', 400, () => 'a user of this name exists already', 'name'],
  'group-name-taken': ['validation', 400, () => 'the parent has a group of this name already', 'name'],
  'digest-mismatch': ['validation', 400, () => 'the bytes are not those of the digest'],
  'unknown-upload': ['notexist', 404, () => 'there is no such upload'],
  'upload-gone': ['notexist', 404, () => 'the upload has ended: start a new one'],
  'upload-offset-mismatch': ['concurrency', 409, ({ offset }) => `the upload has ${offset} bytes: continue there`],
  'upload-locked': ['concurrency', 409, () => 'another request sends to this upload: try again'],
  'upload-verifying': ['concurrency', 409, () => 'the upload is being verified: try again'],
  'checksum-mismatch': ['validation', 400, () => 'the bytes do not have the checksum: send them again'],
  'pool-not-resumable': [
    'validation',
    400,
    () => 'this storage takes only uploads in one request: choose another one, or send all bytes at once',
  ],
  'media-name-taken': ['concurrency', 409, () => 'others took this name at the same moment: try again', 'name'],
  'name-invalid': ['validation', 400, ({ reason }) => reason, 'name'],
  'password-invalid': ['validation', 400, ({ reason }) => reason],
  'too-many-possessions': [
    'permission',
    403,
    ({ of, max }) =>
      of === 'users'
        ? `you and the users that you come from or created create at most ${max} users together: delete some first`
        : `one user has at most ${max} ${of}: delete some first`,
  ],
  'definitions-too-large': [
    'permission',
    403,
    ({ max }) =>
      `all servers, tags and drive labels of a user, and its profile, take at most ${max} bytes of JSON together: shorten or delete some first`,
  ],
  'groups-too-deep': ['validation', 400, ({ max }) => `groups nest at most ${max} deep`],
  'not-manager': ['permission', 403, () => 'your group may not manage the storage'],
  'not-writer': ['permission', 403, () => 'your group may not write to the storage'],
  'quota-exceeded': [
    'billing',
    402,
    (detail) => {
      if (detail.limitedBy === 'items')
        return `your group has the largest number of drives, ${detail.max} in one storage: delete some first`;
      const { needed, left, limitedBy, growsTo } = detail;
      if (left === null) return `${needed} bytes are more than the ${limitedBy} can keep in one piece`;
      return growsTo === undefined
        ? `the quota of the ${limitedBy} is surpassed: ${needed} bytes needed, ${left} bytes left`
        : growthSentence({ needed, left, limitedBy, growsTo });
    },
    'size',
  ],
  'media-in-use': ['concurrency', 409, () => 'the drive is in use'],
  'media-busy': ['concurrency', 409, () => 'the drive is busy: try again once its status has changed'],
  'media-published': ['permission', 403, () => 'the drive belongs to the library: clone it first'],
  'attachment-not-found': ['notexist', 404, () => 'there is no such drive', 'drives'],
  'library-disk': [
    'permission',
    403,
    () => 'disks of the library are not attached: clone the drive first and attach the clone',
    'drives',
  ],
  'attached-elsewhere': [
    'concurrency',
    409,
    () => 'another server has the drive, which has no allow_multimount',
    'drives',
  ],
  'attached-twice': ['validation', 400, () => 'a drive without allow_multimount is attached once', 'drives'],
  'slots-invalid': ['validation', 400, ({ reasons }) => reasons.join('; '), 'drives'],
  'media-not-empty': ['validation', 400, () => 'only a drive that holds nothing can become smaller', 'size'],
  'image-not-growable': ['validation', 400, ({ format }) => notGrowable('drive', format), 'size'],
  'clone-too-small': ['validation', 400, ({ min }) => `a clone has at least the ${min} bytes of its source`, 'size'],
  'body-too-short': [
    'validation',
    400,
    ({ promised, received }) => `${promised} bytes were promised, ${received} arrived`,
  ],
  'body-too-long': ['validation', 413, ({ promised }) => `more than the promised ${promised} bytes arrived`],
  'body-cut-off': ['validation', 400, () => 'the body was cut off'],
  'format-refused': ['validation', 400, ({ reason }) => `the image is refused: ${reason}`],
  'body-too-slow': ['validation', 400, () => 'the body arrived too slowly'],
  'bytes-missing': ['backend', 503, () => 'the bytes of the drive can not be read at the moment'],
  'bytes-damaged': [
    'backend',
    503,
    () => 'the bytes of the drive are damaged, until somebody brings back what came in',
  ],
  'no-space': ['backend', 507, () => 'the storage is full'],
  'search-too-broad': ['database', 503, () => 'the search takes too long: ask with fewer or narrower filters'],
  unavailable: ['backend', 503, () => 'temporarily unavailable: try again later'],
};

/** The type and the status of each failure. */
export const ROWS = Object.fromEntries(
  Object.entries(FAILURES).map(([code, [type, status]]) => [code, [type, status]]),
) as unknown as Readonly<Record<FailureCode, Row>>;

/**
 * What a failure is to clients: its row, what it says to a person, and the field at fault, or null.
 */
export function failureOf<Code extends FailureCode>(
  error: DomainError<Code>,
): { readonly row: Row; readonly message: string; readonly point: string | null } {
  const [type, status] = ROWS[error.code];
  const [, , message, point = null] = FAILURES[error.code];
  // This dialect has a word of its own for the absence of the database.
  const lacksDatabase = isFailure(error, 'unavailable') && error.detail.lacking === 'database';
  return { row: [lacksDatabase ? 'database' : type, status], message: message(error.detail), point };
}
