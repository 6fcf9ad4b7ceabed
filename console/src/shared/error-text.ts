import { NoAnswerError, ProblemError } from '../api/problem.ts';
import { TEXTS } from '../texts.ts';
import { durationText } from './durations.ts';

/** Returns what failed and what to do. The API says both; the wait comes from its numbers. */
export function errorText(error: unknown): string {
  if (error instanceof NoAnswerError) return TEXTS.errors.noAnswer;
  if (!(error instanceof ProblemError)) return TEXTS.errors.unexpected(String(error));
  const { detail, retry_after_seconds: seconds } = error.problem;
  const sentence = `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
  return seconds === undefined ? sentence : `${sentence} ${TEXTS.errors.retryAfter(durationText(seconds))}`;
}
