import { isFailure, type FailureDetails } from '../../../domain/shared/domain-error.ts';
import { problemAnswer } from '../shared/problem-answer.ts';
import type { Problem } from '../shared/problem.ts';
import { TUS_VERSION } from './version.ts';

const LOCKED = 423;
const TOO_LARGE = 413;
/** What passes; a client that is told so of a HEAD creates another upload and starts from 0. */
const TEMPORARY: ReadonlySet<number> = new Set([429, 503]);

/** The answer of the protocol to a call that failed. */
export const failureAnswer = problemAnswer({
  headers: { 'Tus-Resumable': TUS_VERSION, 'Access-Control-Allow-Origin': '*' },
  adapt: (problem, error, { req: { method } }) => {
    if (method === 'HEAD' && TEMPORARY.has(problem.status)) return { problem: locked(problem), headers: {} };
    // The bytes that arrived stay: the client may ask for the offset and continue.
    if (isFailure(error, 'body-too-slow')) return { problem: locked(problem), headers: { 'Retry-After': '1' } };
    if (isFailure(error, 'quota-exceeded') && isBeyondStorage(error.detail)) {
      return { problem: { ...problem, status: TOO_LARGE }, headers: {} };
    }
    if (isFailure(error, 'upload-offset-mismatch')) {
      return { problem, headers: { 'Upload-Offset': String(error.detail.offset) } };
    }
    return { problem, headers: {} };
  },
});

function locked(problem: Problem): Problem {
  return { ...problem, status: LOCKED };
}

/** No group could have that much there. */
function isBeyondStorage(detail: FailureDetails['quota-exceeded']): boolean {
  return detail.limitedBy !== 'items' && detail.left === null;
}
