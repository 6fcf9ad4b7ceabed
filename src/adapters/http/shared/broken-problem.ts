import type { BrokenRequestAnswer } from './broken-request.ts';
import { requestProblem } from './problems.ts';
import { PROBLEM_TYPE } from './problem-answer.ts';

const DETAILS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'the headers are too large',
  HPE_INVALID_CONTENT_LENGTH: 'Content-Length must be one whole number',
  HPE_UNEXPECTED_CONTENT_LENGTH: 'Content-Length is there twice, or together with Transfer-Encoding',
  HPE_INVALID_TRANSFER_ENCODING: 'Transfer-Encoding must be chunked, and stand without Content-Length',
  ERR_HTTP_REQUEST_TIMEOUT: 'the headers did not arrive in time',
};

/** The problem of a request that is not HTTP, or not in time. */
export const answerBrokenProblem: BrokenRequestAnswer = ({ code }) => {
  const problem = requestProblem('malformed', DETAILS[code] ?? 'the request is not valid HTTP');
  return { status: problem.status, body: { ...problem, request_id: null }, type: PROBLEM_TYPE };
};
