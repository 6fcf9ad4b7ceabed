import type { FailureCode } from '../../../domain/shared/domain-error.ts';
import type { RequestErrorKind } from '../shared/request-error.ts';
import type { Operation, OperationFailures } from './operations.ts';

/** The code and the status of an answer. */
export type ErrorCode = readonly [code: number, status: number];

/** Failures with the same row on every call (docs/velocity.md#errors, the row "any"). */
export const COMMON_ERRORS = {
  'not-authenticated': [100, 401],
  'too-many-logins': [101, 429],
  'name-invalid': [110, 400],
  'password-invalid': [110, 400],
  'groups-too-deep': [110, 400],
  'body-cut-off': [110, 400],
  'body-too-slow': [110, 400],
  'body-too-short': [110, 400],
  'body-too-long': [110, 400],
  unavailable: [301, 503],
  'search-too-broad': [301, 503],
  'bytes-missing': [301, 503],
  'bytes-damaged': [301, 503],
  'no-space': [302, 507],
} as const satisfies Partial<Record<FailureCode, ErrorCode>>;

/**
 * Errors of requests that reach no use case, and `unknown` for failures that the tables do not
 * have. `precondition-failed` is not in the contract; it belongs to `/m/media/{mid}/content`, as
 * `range-refused` does.
 */
export const PROTOCOL_ERRORS = {
  malformed: [110, 400],
  'no-such-path': [111, 404],
  'wrong-method': [112, 405],
  'body-too-large': [113, 413],
  'unsupported-content': [114, 415],
  'range-refused': [20120, 416],
  'precondition-failed': [20121, 412],
  'not-implemented': [200, 501],
  unknown: [300, 500],
} as const satisfies Record<Exclude<RequestErrorKind, 'foreign-origin' | 'not-acceptable'> | 'unknown', ErrorCode>;

/** Required headers of an upload, in the order in which they are checked. */
export const UPLOAD_HEADERS = {
  'content-length': [9210, 400],
  'x-velocity-mpid': [9212, 400],
  'x-velocity-gid': [9213, 400],
  'x-velocity-name': [9214, 400],
  'x-velocity-type': [9215, 400],
  'x-velocity-readonly': [9216, 400],
} as const satisfies Record<string, ErrorCode>;

type CommonError = keyof typeof COMMON_ERRORS;

/**
 * Rows of an operation: one for every failure of its use case that is not common, and any common
 * one that it numbers differently.
 */
type OperationRows<Failures extends FailureCode> = Readonly<Record<Exclude<Failures, CommonError>, ErrorCode>> &
  Readonly<Partial<Record<CommonError, ErrorCode>>>;

/**
 * The table of docs/velocity.md#errors. The compiler checks that it has every failure of a use
 * case.
 */
export const OPERATIONS: { readonly [Name in Operation]: OperationRows<OperationFailures[Name]> } = {
  'POST /u/auth': {
    'wrong-credentials': [1100, 403],
  },
  'PATCH /u/auth': {
    'authkey-unknown': [1400, 403],
    'authkey-expired': [1401, 403],
  },
  'DELETE /u/auth': {},
  'POST /u/user': {
    'permission-missing': [2100, 403],
    'user-not-found': [2110, 404],
  },
  'PUT /u/user': {
    'permission-missing': [2200, 403],
    'user-name-taken': [2220, 409],
    'too-many-possessions': [2221, 403],
  },
  'PATCH /u/user': {
    'permission-missing': [2400, 403],
    'home-group-forbidden': [2400, 403],
    protected: [2400, 403],
    'user-not-found': [2410, 404],
    'group-not-found': [2411, 404],
  },
  'DELETE /u/user': {
    'permission-missing': [2300, 403],
    protected: [2300, 403],
    'user-not-found': [2310, 404],
  },
  'POST /u/user/list': {
    'permission-missing': [3100, 403],
  },
  'PUT /u/user/permission': {
    'permission-missing': [4200, 403],
    'user-not-found': [4210, 404],
    'group-not-found': [4211, 404],
    'permission-not-found': [4212, 404],
    'permission-above-own': [4220, 403],
  },
  'DELETE /u/user/permission': {
    'permission-missing': [4300, 403],
    'permission-above-own': [4300, 403],
    protected: [4300, 403],
    'user-not-found': [4310, 404],
    'group-not-found': [4311, 404],
    'permission-not-found': [4312, 404],
  },
  'POST /u/group': {
    'permission-missing': [5100, 403],
    'group-not-found': [5110, 404],
  },
  'PUT /u/group': {
    'permission-missing': [5200, 403],
    'group-not-found': [5210, 404],
    'group-name-taken': [5220, 409],
  },
  'DELETE /u/group': {
    'permission-missing': [5300, 403],
    protected: [5300, 403],
    'group-not-found': [5310, 404],
    'group-protected': [5320, 409],
  },
  'POST /u/group/list': {},
  'PUT /m/pool/assign': {
    'permission-missing': [6200, 403],
    'root-rights-fixed': [6200, 403],
    'group-not-found': [6210, 404],
    'pool-not-found': [6211, 404],
  },
  'DELETE /m/pool/assign': {
    'permission-missing': [6300, 403],
    protected: [6300, 403],
    'group-not-found': [6310, 404],
    'pool-not-found': [6311, 404],
  },
  'POST /m/pool/list': {
    'permission-missing': [7100, 403],
    'group-not-found': [7110, 404],
  },
  'PUT /m/media/create': {
    'permission-missing': [8200, 403],
    'not-manager': [8201, 403],
    'group-not-found': [8210, 404],
    'media-not-found': [8210, 404],
    'pool-not-found': [8211, 404],
    'media-name-taken': [8220, 409],
    'quota-exceeded': [8221, 406],
  },
  'PUT /m/media/upload': {
    'permission-missing': [9200, 403],
    'not-manager': [9201, 403],
    'group-not-found': [9217, 404],
    'pool-not-found': [9218, 404],
    'media-not-found': [9219, 404],
    'media-name-taken': [9220, 409],
    'quota-exceeded': [9221, 406],
    'body-too-long': [9222, 413],
    'digest-mismatch': [9223, 400],
    'format-refused': [9224, 400],
  },
  'DELETE /m/media': {
    'permission-missing': [9300, 403],
    'not-manager': [9301, 403],
    'media-not-found': [9310, 404],
    'media-in-use': [9320, 409],
    'media-protected': [9321, 409],
  },
  'GET /m/media/{mid}/content': {
    'permission-missing': [20100, 403],
    'media-not-found': [20110, 404],
  },
  'POST /m/media/list': {
    'permission-missing': [10100, 403],
    'group-not-found': [10110, 404],
  },
  'POST /v/vm/list': {},
  'POST /v/nic/list': {},
};

/** Returns the row of a request error; `unknown` when this dialect has none. */
export function protocolErrorOf(kind: RequestErrorKind): ErrorCode {
  const rows: Readonly<Partial<Record<RequestErrorKind, ErrorCode>>> = PROTOCOL_ERRORS;
  return rows[kind] ?? PROTOCOL_ERRORS.unknown;
}

/** Returns the row of a failure in an operation; null when the tables do not have it. */
export function errorCodeOf(operation: Operation | null, code: FailureCode): ErrorCode | null {
  const own: Readonly<Partial<Record<FailureCode, ErrorCode>>> = operation === null ? {} : OPERATIONS[operation];
  const common: Readonly<Partial<Record<FailureCode, ErrorCode>>> = COMMON_ERRORS;
  return own[code] ?? common[code] ?? null;
}
