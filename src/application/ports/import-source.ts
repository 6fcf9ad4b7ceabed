import type { Bytes } from '../../domain/shared/bytes.ts';
import type { DomainError } from '../../domain/shared/domain-error.ts';
import type { ByteSource } from './blob-store.ts';

/** Bytes of a source that were read before. */
export interface KnownBytes {
  /** How many; at least one. */
  readonly from: Bytes;
  /** The validator of the response that they came with. */
  readonly validator: string;
}

/** The response of a source, paused before its first byte. Close it, whether it was read or not. */
export interface SourceResponse {
  /** The offset of the first byte of `body`: that of the known bytes, or 0. */
  readonly start: Bytes;
  /** The length of the source from its first byte; null if it does not tell. */
  readonly length: Bytes | null;
  /** A strong validator: only equal bytes have the same. Null if there is none. */
  readonly validator: string | null;
  /**
   * Reads on only as fast as it is iterated; iterate it once. Ends behind the last byte, where
   * `length` says.
   *
   * @throws SourceInterruption when the connection broke, or brought nothing for too long; its
   *   failure is `source-cut-off` if the length is known
   * @throws DomainError `source-changed` when there are more bytes than the source announced
   * @throws the reason of the signal of `open`
   */
  readonly body: ByteSource;
  /** Ends the connection. Idempotent. */
  close(): void;
}

/** The source does not deliver now; another try may succeed. */
export class SourceInterruption extends Error {
  override readonly name = 'SourceInterruption';
  /** The failure of the import if there is no other try. */
  readonly failure: DomainError;
  /** How long the source wants to be left alone, in whole seconds; null if it does not say. */
  readonly retryAfterSeconds: number | null;

  constructor(failure: DomainError, retryAfterSeconds: number | null = null, options?: ErrorOptions) {
    super(failure.code, options);
    this.failure = failure;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * Bytes of other servers. Every connection, those of redirects too, goes to an address that imports
 * may reach (docs/security.md#imports). Never tries twice.
 */
export interface ImportSource {
  /**
   * Requests `url` with GET, follows redirects, and resolves with the response before its body is
   * read: with the bytes behind the known ones or, if the source cannot begin there, with all of
   * them. Behind known bytes the response has their validator.
   *
   * @throws DomainError `url-invalid` when a rule for URLs forbids it, before any connection
   * @throws DomainError `source-unreachable` when the address is not permitted, or no name
   * @throws DomainError `source-refused` when the response is not the bytes
   * @throws DomainError `source-changed` when the source has another validator than the known bytes
   * @throws SourceInterruption when there is no connection or no response, or the source asks to
   *   come back
   * @throws the reason of the signal
   */
  open(url: string, known: KnownBytes | null, signal: AbortSignal): Promise<SourceResponse>;
  /**
   * Resolves with a whole file of text in UTF-8; null if it has more than `maxBytes` or is no text.
   *
   * @throws as `open` and the body do
   */
  readText(url: string, maxBytes: Bytes, signal: AbortSignal): Promise<string | null>;
}
