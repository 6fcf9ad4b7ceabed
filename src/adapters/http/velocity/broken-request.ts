import type { BrokenRequestAnswer } from '../shared/broken-request.ts';
import { PROTOCOL_ERRORS, UPLOAD_HEADERS } from './errors.ts';
import { failureBody } from './failure-answer.ts';

const UPLOAD = /^PUT \/+m\/+media\/+upload\/*[ ?]/;

const REASONS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'the headers are too large',
  HPE_INVALID_CONTENT_LENGTH: 'content-length must be one whole number',
  HPE_UNEXPECTED_CONTENT_LENGTH: 'content-length is sent twice, or together with transfer-encoding',
  HPE_INVALID_TRANSFER_ENCODING: 'transfer-encoding must be chunked, without content-length',
  ERR_HTTP_REQUEST_TIMEOUT: 'the headers did not arrive in time',
};

/** Returns the answer of this dialect to a request that is not HTTP or not in time. */
export const answerBrokenRequest: BrokenRequestAnswer = ({ code, beginning }) => {
  const badLength = code === 'HPE_INVALID_CONTENT_LENGTH' && UPLOAD.test(beginning);
  const row = badLength ? UPLOAD_HEADERS['content-length'] : PROTOCOL_ERRORS.malformed;
  return { status: row[1], body: failureBody(row, REASONS[code] ?? 'the request is not valid HTTP') };
};
