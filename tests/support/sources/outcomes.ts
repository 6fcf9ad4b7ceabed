import {
  SourceInterruption,
  type ImportSource,
  type KnownBytes,
} from '../../../src/application/ports/import-source.ts';
import { isDomainError, type DomainError } from '../../../src/domain/shared/domain-error.ts';

/** How a request to a source ended, in short. */
export interface Outcome {
  readonly body?: string;
  readonly start?: number;
  readonly length?: number | null;
  readonly validator?: string | null;
  /** The code of the failure. */
  readonly code?: string;
  readonly detail?: unknown;
  /** Whether another try may succeed. */
  readonly mayPass?: boolean;
  readonly retryAfterSeconds?: number | null;
}

/**
 * Reads a whole source; returns its response with the body, or the failure with the bytes before.
 */
export async function outcomeOf(
  source: ImportSource,
  url: string,
  { known = null, signal = new AbortController().signal }: { known?: KnownBytes | null; signal?: AbortSignal } = {},
): Promise<Outcome> {
  const chunks: Buffer[] = [];
  try {
    const response = await source.open(url, known, signal);
    try {
      for await (const chunk of response.body) chunks.push(Buffer.from(chunk));
    } finally {
      response.close();
    }
    const { start, length, validator } = response;
    return { body: Buffer.concat(chunks).toString(), start, length, validator };
  } catch (error) {
    const failure = failureOf(error);
    const before = chunks.length === 0 ? {} : { body: Buffer.concat(chunks).toString() };
    return { ...before, ...failure };
  }
}

function failureOf(error: unknown): Outcome {
  if (isDomainError(error)) return { ...described(error), mayPass: false };
  if (!(error instanceof SourceInterruption)) throw error;
  const { failure, retryAfterSeconds } = error;
  return { ...described(failure), mayPass: true, ...(retryAfterSeconds === null ? {} : { retryAfterSeconds }) };
}

function described({ code, detail }: DomainError): Outcome {
  return detail === undefined ? { code } : { code, detail };
}
