import { request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { SourceInterruption, type KnownBytes } from '../../application/ports/import-source.ts';
import type { SourceTarget } from '../../domain/imports/source-target.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { codeOf } from '../shared/error-code.ts';
import { unlessAborted } from '../shared/unless-aborted.ts';

const MAX_HEADER_BYTES = 16 * 1024;

/** A response whose body is not read yet. */
export interface SourceReply {
  readonly response: IncomingMessage;
  /** Returns the error of the parser or the connection, if there was one since the head. */
  readonly fault: () => unknown;
}

/**
 * Sends a GET over a connection and resolves with the response, before its body is read. It uses no
 * agent, so that nothing else chooses the connection, and none is kept.
 *
 * @throws DomainError `source-unreachable` when the response is not HTTP
 * @throws SourceInterruption when there is none within `timeoutMs`
 * @throws the reason of the signal
 */
export async function requestFrom(
  socket: Socket,
  target: SourceTarget,
  known: KnownBytes | null,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<SourceReply> {
  const { url } = target;
  const sent = request({
    createConnection: () => socket,
    path: `${url.pathname}${url.search}`,
    setHost: false,
    headers: headersOf(target, known),
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
  });
  const timely = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let fault: unknown = null;
  const head = new Promise<IncomingMessage>((resolve, reject) => {
    // The listener stays: an error without one would end the process.
    sent.on('error', (error) => reject((fault = error)));
    sent.once('response', resolve).once('upgrade', resolve);
  });
  sent.end();
  try {
    const response = await unlessAborted(head, timely);
    response.on('error', () => undefined);
    return { response, fault: () => fault };
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    const failure = new DomainError('source-unreachable', undefined, { cause: error });
    throw isMalformed(error) ? failure : new SourceInterruption(failure);
  }
}

/** Returns whether the parser of HTTP refused what arrived. */
export function isMalformed(error: unknown): boolean {
  return codeOf(error)?.startsWith('HPE_') ?? false;
}

function headersOf({ url, host, port }: SourceTarget, known: KnownBytes | null): Record<string, string> {
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    Host: url.port === '' ? name : `${name}:${port}`,
    'User-Agent': 'Platter',
    Accept: '*/*',
    'Accept-Encoding': 'identity',
    ...(known === null ? {} : { Range: `bytes=${known.from}-`, 'If-Range': known.validator }),
  };
}
