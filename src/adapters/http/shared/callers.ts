import type { Request } from 'express';
import type { Caller } from '../../../domain/access/caller.ts';
import type { Origin, Channel } from '../../../domain/audit/audit-event.ts';
import { clientAddress } from './client-address.ts';
import { requestIdOf } from './request-log.ts';

const CALLERS = new WeakMap<Request, Caller>();

/** Returns from where a request comes. */
export function originOf(request: Request, channel: Channel): Origin {
  const { res } = request;
  return { channel, address: clientAddress(request), request: res === undefined ? null : requestIdOf(res) };
}

/** Notes who sent a request, now that it is known, and answers them with its origin. */
export function authenticated(request: Request, caller: Caller, channel: Channel): Caller {
  const known = { ...caller, origin: originOf(request, channel) };
  CALLERS.set(request, known);
  return known;
}

/** Who sent a request; null as long as that is not known. */
export function knownCaller(request: Request): Caller | null {
  return CALLERS.get(request) ?? null;
}
