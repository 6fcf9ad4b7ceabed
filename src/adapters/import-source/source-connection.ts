import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely, type TLSSocket } from 'node:tls';
import type { SourceTarget } from '../../domain/imports/source-target.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { SourceInterruption } from '../../application/ports/import-source.ts';

/** More addresses of one name are not tried. */
const MAX_ADDRESSES = 4;

/** How a connection is made. */
export interface ConnectionTerms {
  /** For all addresses together, in milliseconds. */
  readonly timeoutMs: number;
  /** Certificates that are trusted instead of the usual ones; those if undefined. */
  readonly ca: string | undefined;
}

/**
 * Connects to one of these addresses, to no other. TLS verifies the certificate for the host of the
 * target.
 *
 * @throws DomainError `source-unreachable` when the certificate is not valid
 * @throws SourceInterruption when no address accepts the connection in time
 * @throws the reason of the signal
 */
export async function connectTo(
  target: SourceTarget,
  addresses: readonly string[],
  { timeoutMs, ca }: ConnectionTerms,
  signal: AbortSignal,
): Promise<Socket> {
  const tried = addresses.slice(0, MAX_ADDRESSES);
  const failures: unknown[] = [];
  for (const address of tried) {
    const timely = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(timeoutMs / tried.length))]);
    try {
      const socket = await opened(connect({ host: address, port: target.port }), 'connect', timely);
      return target.isSecure ? await secured(socket, target, ca, timely) : socket;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof DomainError) throw error;
      failures.push(error);
    }
  }
  throw new SourceInterruption(
    new DomainError('source-unreachable', undefined, { cause: new AggregateError(failures, 'no address accepts') }),
  );
}

async function secured(
  socket: Socket,
  { host }: SourceTarget,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  const secure = connectSecurely({
    socket,
    host,
    servername: isIP(host) === 0 ? host : '',
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
  });
  try {
    return await opened(secure, 'secureConnect', signal);
  } catch (error) {
    socket.destroy();
    const isUntrusted = (secure.authorizationError as Error | string | null) !== null;
    if (isUntrusted) throw new DomainError('source-unreachable', undefined, { cause: error });
    throw error;
  }
}

async function opened<S extends Socket | TLSSocket>(socket: S, event: string, signal: AbortSignal): Promise<S> {
  // An error between two listeners would end the process.
  socket.on('error', () => undefined);
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
