/** What is wrong with a request as HTTP, whatever it asks for. */
export type ProtocolErrorKind = 'malformed' | 'unsupported-content' | 'not-implemented';

/** A request that HTTP forbids, or that needs a part of HTTP which this server does not have. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly kind: ProtocolErrorKind;
  /** Headers that the answer has, in every dialect. */
  readonly headers: Readonly<Record<string, string>>;

  /** `message` is shown to the client. */
  constructor(kind: ProtocolErrorKind, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.kind = kind;
    this.headers = headers;
  }
}
