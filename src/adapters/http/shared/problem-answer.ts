import type { ErrorRequestHandler, Response } from 'express';
import { answerFailures, type FailureAnswer } from './failures.ts';
import type { Problem } from './problem.ts';
import { problemOf } from './problems.ts';
import { requestIdOf } from './request-log.ts';

/** What a dialect changes about its problems. */
export interface ProblemAnswers {
  /** Headers that every problem of the dialect has. */
  readonly headers: Readonly<Record<string, string>>;
  /** Returns the problem and its own headers as the dialect answers them. */
  readonly adapt: (
    problem: Problem,
    error: unknown,
    response: Response,
  ) => { readonly problem: Problem; readonly headers: Readonly<Record<string, string>> };
}

export const PROBLEM_TYPE = 'application/problem+json';

/** Answers failures with `application/problem+json` (RFC 9457). */
export function problemAnswer({ headers, adapt }: ProblemAnswers): ErrorRequestHandler {
  return answerFailures((error, response): FailureAnswer => {
    const { problem, headers: own } = adapt(problemOf(error), error, response);
    return {
      status: problem.status,
      body: { ...problem, request_id: requestIdOf(response) },
      type: PROBLEM_TYPE,
      headers: {
        ...headers,
        // Never Basic: a browser would ask its user for a password.
        ...(problem.status === 401 ? { 'WWW-Authenticate': 'Bearer realm="platter"' } : {}),
        ...own,
      },
      isUnexpected: problem.code === 'internal-error',
    };
  });
}
