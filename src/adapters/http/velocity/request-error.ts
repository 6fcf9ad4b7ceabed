import type { ErrorCode } from './errors.ts';

/** A request that breaks the rules of the wire, found before any use case runs. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly row: ErrorCode;

  /** `reason` is shown to the client. */
  constructor(row: ErrorCode, reason: string) {
    super(reason);
    this.row = row;
  }
}
