import { isDomainError } from '../../../domain/shared/domain-error.ts';
import { FAILURE_CODES, failureProblem, failureRow } from './failure-problems.ts';
import { problemType, type Problem } from './problem.ts';
import { RequestError, type RequestErrorKind } from './request-error.ts';

/** What goes wrong before or outside of any use case. */
export const REQUEST_PROBLEMS: Readonly<
  Record<RequestErrorKind | 'internal-error', readonly [status: number, title: string]>
> = {
  malformed: [400, 'The request is malformed'],
  'foreign-origin': [403, 'A page of another origin may not do this'],
  'no-such-path': [404, 'There is no such path'],
  'wrong-method': [405, 'The path does not take this method'],
  'not-acceptable': [406, 'The content cannot be had in this form'],
  'precondition-failed': [412, 'A precondition of the request does not hold'],
  'body-too-large': [413, 'The body is too large'],
  'unsupported-content': [415, 'The content type is not supported'],
  'range-refused': [416, 'The range lies outside of the content'],
  'internal-error': [500, 'The server failed unexpectedly'],
  'not-implemented': [501, 'The request needs a part of HTTP that is not implemented'],
};

/** Returns the problem that an error is: `internal-error` for an unexpected one. */
export function problemOf(error: unknown): Problem {
  if (isDomainError(error)) return failureProblem(error);
  if (error instanceof RequestError) {
    return requestProblem(error.kind, error.message, error.faults.find(({ point }) => point !== null)?.point ?? null);
  }
  return requestProblem('internal-error', 'the server failed unexpectedly: tell its operator the request_id');
}

/** Returns the problem of a request that breaks the rules of the protocol. */
export function requestProblem(
  code: keyof typeof REQUEST_PROBLEMS,
  detail: string,
  field: string | null = null,
): Problem {
  const [status, title] = REQUEST_PROBLEMS[code];
  return { type: problemType(code), title, status, detail, code, ...(field === null ? {} : { field }) };
}

/** Returns the title of a kind of problem; null for an unknown one. */
export function problemTitle(code: string): string | null {
  const failure = FAILURE_CODES.find((known) => known === code);
  if (failure !== undefined) return failureRow(failure)[1];
  const [, found] = Object.entries(REQUEST_PROBLEMS).find(([known]) => known === code) ?? [];
  return found?.[1] ?? null;
}
