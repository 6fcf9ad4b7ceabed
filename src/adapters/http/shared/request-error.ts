/** Why a request is refused before a use case runs. Each dialect has a row of its own for each. */
export type RequestErrorKind =
  | 'malformed'
  | 'no-such-path'
  | 'wrong-method'
  | 'foreign-origin'
  | 'not-acceptable'
  | 'body-too-large'
  | 'unsupported-content'
  | 'precondition-failed'
  | 'range-refused'
  | 'not-implemented';

/** One fault of a request. */
export interface Fault {
  /** Sent to the client. */
  readonly message: string;
  /** The field at fault; null when it is not a field. */
  readonly point: string | null;
}

/** A request that is refused before a use case runs, with all its faults. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly kind: RequestErrorKind;
  readonly faults: readonly Fault[];
  /** Headers of the answer, in every dialect. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    kind: RequestErrorKind,
    faults: string | readonly Fault[],
    { headers = {}, ...options }: ErrorOptions & { readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    const all = typeof faults === 'string' ? [{ message: faults, point: null }] : faults;
    super(all.map(({ message }) => message).join('; '), options);
    this.kind = kind;
    this.faults = all;
    this.headers = headers;
  }
}
