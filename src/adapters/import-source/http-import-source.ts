import type { IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';
import {
  SourceInterruption,
  type ImportSource,
  type KnownBytes,
  type SourceResponse,
} from '../../application/ports/import-source.ts';
import { sourceTarget, type SourceRules, type SourceTarget } from '../../domain/imports/source-target.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import { unlessAborted } from '../shared/unless-aborted.ts';
import type { ResolveName } from './name-resolver.ts';
import type { AddressRules, Permission } from './permitted-addresses.ts';
import { announcedBytes } from './response-head.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { sourceBody } from './source-body.ts';
import { connectTo } from './source-connection.ts';
import { requestFrom, type SourceReply } from './source-request.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS: readonly (number | undefined)[] = [301, 302, 303, 307, 308];
/** Another try may get another response. */
const TRANSIENT: readonly (number | undefined)[] = [408, 425, 429, 500, 502, 503, 504];

/** How long a source may take, in milliseconds. */
export interface SourceTimeouts {
  /** From the name to the connection, that of TLS included. */
  readonly connectMs: number;
  /** From the request to the head of the response. */
  readonly firstByteMs: number;
  /** Between two parts of the body. */
  readonly idleMs: number;
}

export const SOURCE_TIMEOUTS: SourceTimeouts = { connectMs: 10_000, firstByteMs: 30_000, idleMs: 60_000 };

interface Dependencies {
  readonly rules: SourceRules;
  readonly addresses: AddressRules;
  readonly resolve: ResolveName;
  readonly timeouts: SourceTimeouts;
  /** Certificates that are trusted instead of the usual ones. */
  readonly ca?: string;
}

/** What the connections of one request may lead to. */
interface Hop {
  readonly target: SourceTarget;
  /** After a public address only public ones may follow. */
  readonly maySeeListed: boolean;
}

/** Reads from servers over HTTP, each request with a connection of its own. */
export class HttpImportSource implements ImportSource {
  readonly #rules: SourceRules;
  readonly #addresses: AddressRules;
  readonly #resolve: ResolveName;
  readonly #timeouts: SourceTimeouts;
  readonly #ca: string | undefined;

  constructor({ rules, addresses, resolve, timeouts, ca }: Dependencies) {
    this.#rules = rules;
    this.#addresses = addresses;
    this.#resolve = resolve;
    this.#timeouts = timeouts;
    this.#ca = ca;
  }

  async open(url: string, known: KnownBytes | null, signal: AbortSignal): Promise<SourceResponse> {
    signal.throwIfAborted();
    if (!URL.canParse(url)) throw new DomainError('url-invalid', { reason: 'this is no URL' });
    let hop: Hop = { target: sourceTarget(new URL(url), this.#rules), maySeeListed: true };
    for (let redirects = 0; ; redirects += 1) {
      const { socket, permission } = await this.#connect(hop, signal);
      const end = (): void => {
        signal.removeEventListener('abort', end);
        socket.destroy();
      };
      signal.addEventListener('abort', end);
      try {
        const reply = await requestFrom(socket, hop.target, known, this.#timeouts.firstByteMs, signal);
        const { response } = reply;
        const location = redirectOf(response);
        if (location === null) return this.#read(reply, known, signal, end);
        if (redirects === MAX_REDIRECTS) throw refused(response, 'redirects');
        hop = { target: this.#redirected(hop.target, location, response), maySeeListed: permission === 'listed' };
      } catch (error) {
        end();
        throw error;
      }
      end();
    }
  }

  async readText(url: string, maxBytes: Bytes, signal: AbortSignal): Promise<string | null> {
    const response = await this.open(url, null, signal);
    try {
      const chunks: Buffer[] = [];
      let received = 0;
      for await (const chunk of response.body) {
        received += chunk.length;
        if (received > maxBytes) return null;
        chunks.push(Buffer.from(chunk));
      }
      return textOf(Buffer.concat(chunks));
    } finally {
      response.close();
    }
  }

  #read(reply: SourceReply, known: KnownBytes | null, signal: AbortSignal, close: () => void): SourceResponse {
    const { statusCode: status = 0, headers } = reply.response;
    if (TRANSIENT.includes(status)) {
      throw new SourceInterruption(new DomainError('source-refused', { status }), retryAfterSeconds(headers));
    }
    const announced = announcedBytes(reply.response, known);
    const { start, length, validator } = announced;
    const body = sourceBody(reply, announced, this.#timeouts.idleMs, signal);
    return { start, length, validator, body, close };
  }

  async #connect(hop: Hop, signal: AbortSignal): Promise<{ socket: Socket; permission: Permission }> {
    const begun = performance.now();
    const { host } = hop.target;
    const found = isIP(host) === 0 ? await this.#resolved(host, signal) : [host];
    const permissions = found.map((address) => this.#addresses.permissionOf(address));
    const isPermitted = permissions.every((each) => each === 'public' || (each === 'listed' && hop.maySeeListed));
    if (found.length === 0 || !isPermitted) throw new DomainError('source-unreachable');
    const timeoutMs = Math.max(1, this.#timeouts.connectMs - (performance.now() - begun));
    const socket = await connectTo(hop.target, found, { timeoutMs, ca: this.#ca }, signal);
    return { socket, permission: permissions.includes('public') ? 'public' : 'listed' };
  }

  async #resolved(name: string, signal: AbortSignal): Promise<readonly string[]> {
    const timely = AbortSignal.any([signal, AbortSignal.timeout(this.#timeouts.connectMs)]);
    try {
      return await unlessAborted(this.#resolve(name, timely), timely);
    } catch (error) {
      signal.throwIfAborted();
      throw new SourceInterruption(new DomainError('source-unreachable', undefined, { cause: error }));
    }
  }

  #redirected(from: SourceTarget, location: string, response: IncomingMessage): SourceTarget {
    if (!URL.canParse(location, from.url.href)) throw refused(response, 'malformed');
    const url = new URL(location, from.url);
    if (from.isSecure && url.protocol === 'http:') throw refused(response, 'insecure-redirect');
    try {
      return sourceTarget(url, this.#rules);
    } catch (error) {
      if (!isFailure(error, 'url-invalid')) throw error;
      throw new DomainError('source-unreachable', undefined, { cause: error });
    }
  }
}

/** Returns the URL that a response redirects to; null if it is a final one. */
function redirectOf({ statusCode, headers: { location } }: IncomingMessage): string | null {
  return REDIRECTS.includes(statusCode) && location !== undefined ? location : null;
}

function refused(
  { statusCode: status = 0 }: IncomingMessage,
  fault: 'redirects' | 'insecure-redirect' | 'malformed',
): DomainError {
  return new DomainError('source-refused', { status, fault });
}

function textOf(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
