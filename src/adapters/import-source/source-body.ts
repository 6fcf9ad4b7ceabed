import type { ByteSource } from '../../application/ports/blob-store.ts';
import { SourceInterruption } from '../../application/ports/import-source.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { arrival } from '../shared/arrival.ts';
import { BODY_CHUNKS } from '../shared/chunk-budget.ts';
import { releaseMemory } from '../shared/release-memory.ts';
import type { AnnouncedBytes } from './response-head.ts';
import { isMalformed, type SourceReply } from './source-request.ts';

/**
 * Yields the body of a response, as `SourceResponse.body` says. `idleMs` is the longest wait for
 * the next bytes; time in which nothing is read does not count.
 */
export async function* sourceBody(
  { response, fault }: SourceReply,
  { start, end, length }: AnnouncedBytes,
  idleMs: number,
  signal: AbortSignal,
): ByteSource {
  let at: number = start;
  const cutOff = (cause?: unknown): Error => {
    if (signal.aborted) return signal.reason as Error;
    const received = { received: bytes(at), length: length ?? bytes(at) };
    const failure =
      length === null ? new DomainError('source-unreachable') : new DomainError('source-cut-off', received);
    return new SourceInterruption(failure, null, { cause: fault() ?? cause });
  };
  const late = (): Error => cutOff(new Error(`nothing arrived for ${idleMs} ms`));
  while (!response.readableEnded) {
    signal.throwIfAborted();
    if (response.readableLength > 0) await BODY_CHUNKS.acquire();
    const chunk = response.read() as Uint8Array | null;
    if (chunk === null) {
      await arrival(response, idleMs, { late, cutOff });
      continue;
    }
    at += chunk.length;
    if (end !== null && at > end) throw new DomainError('source-changed');
    yield chunk;
    releaseMemory(chunk);
  }
  if (!response.complete || (end !== null && at < end) || (length !== null && at < length)) throw cutOff();
  // Bytes that come with the last announced ones are no next response: nothing else was requested.
  if (isMalformed(fault())) throw new DomainError('source-changed', undefined, { cause: fault() });
}
