import type { Request } from 'express';
import type { Caller } from '../../../domain/access/caller.ts';
import type { Origin, Channel } from '../../../domain/audit/audit-event.ts';
import { clientAddress } from './client-address.ts';
import { requestIdOf } from './request-log.ts';

const CALLERS = new WeakMap<Request, Caller>();

/** Returns the channel, address and id of a request. */
export function originOf(request: Request, channel: Channel): Origin {
  const { res } = request;
  return { channel, address: clientAddress(request), request: res === undefined ? null : requestIdOf(res) };
}

/** Records the caller of a request. Returns the caller with the origin of the request. */
export function authenticated(request: Request, caller: Caller, channel: Channel): Caller {
  const known = { ...caller, origin: originOf(request, channel) };
  CALLERS.set(request, known);
  return known;
}

/** Returns the caller of a request; null before authentication. */
export function knownCaller(request: Request): Caller | null {
  return CALLERS.get(request) ?? null;
}
