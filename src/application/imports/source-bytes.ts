import { pauseBeforeRetry } from '../../domain/imports/retries.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { pause } from '../integrity/pause.ts';
import type { ByteSource } from '../ports/blob-store.ts';
import { SourceInterruption, type ImportSource, type KnownBytes, type SourceResponse } from '../ports/import-source.ts';

/** For a longer pause an import gives up its slot and its lease. */
const MAX_HELD_PAUSE_MS = 60_000;

/** A source does not deliver: another try may be made `seconds` later, or none (null). */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure';
  readonly failure: DomainError;
  /** How many tries in a row brought no byte. */
  readonly tries: number;
  readonly seconds: number | null;

  constructor(failure: DomainError, tries: number, seconds: number | null) {
    super(failure.code, { cause: failure });
    this.failure = failure;
    this.tries = tries;
    this.seconds = seconds;
  }
}

/** The bytes of a source without a validator broke off: only those of one response go together. */
export class SourceLost extends Error {
  override readonly name = 'SourceLost';
  readonly failure: DomainError;

  constructor(failure: DomainError) {
    super(failure.code);
    this.failure = failure;
  }
}

/**
 * Reads one URL, over as many connections as it takes: five tries in a row may bring no byte, with
 * growing pauses between them (docs/imports.md#broken-connections).
 */
export class SourceBytes {
  readonly #source: ImportSource;
  readonly #url: string;
  readonly #signal: AbortSignal;
  #tries: number;

  /** `tries` is how many tries brought no byte before. */
  constructor(source: ImportSource, url: string, signal: AbortSignal, tries = 0) {
    this.#source = source;
    this.#url = url;
    this.#signal = signal;
    this.#tries = tries;
  }

  /**
   * Resolves with a response whose body is not read yet.
   *
   * @throws SourceFailure
   * @throws DomainError as `ImportSource.open`, where another try would fail as well
   * @throws the reason of the signal
   */
  async open(known: KnownBytes | null): Promise<SourceResponse> {
    return this.#retried(async () => this.#source.open(this.#url, known, this.#signal));
  }

  /** Resolves with a whole file of text; null if it has more than `maxBytes` or is no text. */
  async text(maxBytes: Bytes): Promise<string | null> {
    return this.#retried(async () => this.#source.readText(this.#url, maxBytes, this.#signal));
  }

  /**
   * Yields the bytes of a response behind `from`. Whenever it breaks off it awaits `brokeOff`, and
   * goes on with another one.
   *
   * @throws as `open`; SourceLost when there is no way to go on
   */
  async *read(first: SourceResponse, from: Bytes, brokeOff: () => Promise<void>): ByteSource {
    const { length, validator } = first;
    let at = from;
    for (let response = first; ;) {
      try {
        for await (const chunk of behind(response, at)) {
          at = bytes(at + chunk.length);
          this.#tries = 0;
          yield chunk;
        }
        return;
      } catch (error) {
        if (validator === null && error instanceof SourceInterruption) throw new SourceLost(cutOff(at, length, error));
        if (error instanceof SourceInterruption) await brokeOff();
        await this.#rest(error).catch(withProgress(at, length));
      } finally {
        response.close();
      }
      response = await this.open({ from: at, validator: validator ?? '' }).catch(withProgress(at, length));
      if (response.length !== length) throw changed(response);
    }
  }

  async #retried<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        await this.#rest(error);
      }
    }
  }

  /** Resolves when another try may be made. */
  async #rest(error: unknown): Promise<void> {
    this.#signal.throwIfAborted();
    if (!(error instanceof SourceInterruption)) throw error;
    this.#tries += 1;
    const seconds = pauseBeforeRetry(this.#tries, error.retryAfterSeconds);
    const milliseconds = (seconds ?? Infinity) * 1000;
    if (milliseconds > MAX_HELD_PAUSE_MS) throw new SourceFailure(error.failure, this.#tries, seconds);
    await pause(milliseconds, this.#signal);
  }
}

/** Yields the bytes of a response behind `at`: a source may not be able to begin there. */
async function* behind({ start, body }: SourceResponse, at: Bytes): ByteSource {
  let passed: number = start;
  for await (const chunk of body) {
    const known = Math.min(chunk.length, Math.max(0, at - passed));
    passed += chunk.length;
    if (known < chunk.length) yield chunk.subarray(known);
  }
}

function cutOff(received: Bytes, length: Bytes | null, { failure }: SourceInterruption | SourceFailure): DomainError {
  return length === null ? failure : new DomainError('source-cut-off', { received, length }, { cause: failure });
}

/** Whatever ended the last try of a source that broke off: its failure says how far it came. */
function withProgress(at: Bytes, length: Bytes | null): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof SourceFailure)) throw error;
    throw new SourceFailure(cutOff(at, length, error), error.tries, error.seconds);
  };
}

function changed(response: SourceResponse): DomainError {
  response.close();
  return new DomainError('source-changed');
}
