import type { FailureCode } from '../../../domain/shared/domain-error.ts';
import type { RequestErrorKind } from './request-error.ts';

/** A problem as RFC 9457 has it, but for the id of the request. */
export interface Problem {
  /** A relative reference to a page about the kind of problem. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: FailureCode | RequestErrorKind | 'internal-error';
  /** The numbers of the case, and `field` for bad input. */
  readonly [member: string]: unknown;
}

/** Where the pages about the kinds of problems are. */
export const PROBLEM_PAGES = '/problems';

/** Returns the `type` of a problem. */
export function problemType(code: Problem['code']): string {
  return `${PROBLEM_PAGES}/${code}`;
}
