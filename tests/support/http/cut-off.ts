/**
 * Matches every error with which Node reports an answer whose connection ended before it: an abort
 * (`aborted`, whose code is that of a reset), a reset, or an end before the last byte.
 */
export const CUT_OFF = {
  code: expect.stringMatching(/^(ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE|HPE_INVALID_EOF_STATE)$/) as string,
};
