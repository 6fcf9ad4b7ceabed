import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { SourceInterruption, type KnownBytes } from '../../application/ports/import-source.ts';
import type { SourceTarget } from '../../domain/imports/source-target.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { codeOf } from '../shared/error-code.ts';

const MAX_HEADER_BYTES = 16 * 1024;

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
): Promise<IncomingMessage> {
  const { url } = target;
  const sent = request({
    createConnection: () => socket,
    path: `${url.pathname}${url.search}`,
    setHost: false,
    headers: headersOf(target, known),
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
  });
  // An error between two listeners would end the process.
  sent.on('error', () => undefined);
  sent.end();
  try {
    const timely = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const [response] = (await once(sent, 'response', { signal: timely })) as [IncomingMessage];
    response.on('error', () => undefined);
    return response;
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    const failure = new DomainError('source-unreachable', undefined, { cause: error });
    throw codeOf(error)?.startsWith('HPE_') ? failure : new SourceInterruption(failure);
  }
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
