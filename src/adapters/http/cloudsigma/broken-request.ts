import type { BrokenRequestAnswer } from '../shared/broken-request.ts';
import { PROTOCOL_ERRORS } from './errors.ts';
import { failureBody } from './failure-answer.ts';

const REASONS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'the headers are too large',
  HPE_INVALID_CONTENT_LENGTH: 'content-length must be one whole number',
  HPE_UNEXPECTED_CONTENT_LENGTH: 'content-length and transfer-encoding exclude each other',
  ERR_HTTP_REQUEST_TIMEOUT: 'the headers did not arrive in time',
};

/** Returns the answer of this dialect to a request that is not HTTP or not in time. */
export const answerBrokenRequest: BrokenRequestAnswer = ({ code }) => ({
  status: PROTOCOL_ERRORS.malformed[1],
  body: failureBody(PROTOCOL_ERRORS.malformed, [
    { message: REASONS[code] ?? 'the request is not valid HTTP', point: null },
  ]),
});
