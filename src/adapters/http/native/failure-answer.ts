import { problemAnswer } from '../shared/problem-answer.ts';

/** Error middleware of this dialect: every failure is a problem (RFC 9457). */
export const failureAnswer = problemAnswer({ headers: {}, adapt: (problem) => ({ problem, headers: {} }) });
