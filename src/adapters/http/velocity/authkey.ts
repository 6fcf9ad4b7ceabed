import type { Request } from 'express';

/** Longer ones are none of ours. Characters. */
const LONGEST = 256;

/**
 * The authkey of a request, from the first place that has one (velocity.md, "Who is calling"): `Authorization: Bearer`, then
 * `x-velocity-authkey`, then the field `authkey` of a JSON body that was read. Null without any.
 */
export function authkeyOf(request: Request): string | null {
  const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const header = request.headers['x-velocity-authkey'];
  const found = bearer ?? header ?? fieldOf(request.body);
  return typeof found === 'string' && found.length <= LONGEST ? found : null;
}

function fieldOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'authkey' in body ? body.authkey : null;
}
