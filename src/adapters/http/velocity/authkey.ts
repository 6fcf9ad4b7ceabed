import type { Request } from 'express';
import { RequestError } from '../shared/request-error.ts';

/** Longer ones are none of ours. Characters. */
const MAX_CHARACTERS = 256;
const BEARER = /^Bearer +(\S+) *$/i;

/**
 * The authkey of a request, from the first place that has one
 * (docs/velocity.md#where-an-authkey-comes-from): `Authorization: Bearer`, then
 * `x-velocity-authkey`, then the field `authkey` of a JSON body that was read. Null without any.
 * Fails with a `RequestError` where a header is there twice: whoever stands between may have looked
 * at the other one.
 */
export function authkeyOf(request: Request): string | null {
  const bearer = BEARER.exec(single(request, 'authorization') ?? '')?.[1];
  const header = single(request, 'x-velocity-authkey');
  const found = bearer ?? header ?? fieldOf(request.body);
  return typeof found === 'string' && found.length <= MAX_CHARACTERS ? found : null;
}

/**
 * Whether clients keep the authkey of a request from another host that they are redirected to: so
 * they do with `Authorization`, but with no header that only we know.
 */
export function isDroppedOnRedirect({ headers }: Request): boolean {
  return BEARER.test(headers.authorization ?? '') && headers['x-velocity-authkey'] === undefined;
}

function single(request: Request, header: string): string | undefined {
  const [value, ...more] = request.headersDistinct[header] ?? [];
  if (more.length > 0) throw new RequestError('malformed', `${header} is there more than once`);
  return value;
}

function fieldOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'authkey' in body ? body.authkey : null;
}
