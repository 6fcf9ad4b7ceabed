import type { Request } from 'express';
import { bearerToken } from '../shared/bearer-token.ts';
import { RequestError } from '../shared/request-error.ts';

/** Longer authkeys are never valid. */
const MAX_CHARACTERS = 256;

/**
 * Returns the authkey of a request from the first location that has one
 * (docs/velocity.md#where-an-authkey-comes-from): `Authorization: Bearer`, then
 * `x-velocity-authkey`, then the field `authkey` of a JSON body that was read. Null without one.
 *
 * @throws RequestError `malformed` when `x-velocity-authkey` is sent twice: a proxy may have read
 *   the other one. `checkHead` refuses a second `Authorization`
 */
export function authkeyOf(request: Request): string | null {
  const header = single(request, 'x-velocity-authkey');
  const found = bearerToken(request) ?? header ?? fieldOf(request.body);
  return typeof found === 'string' && found.length <= MAX_CHARACTERS ? found : null;
}

/**
 * Returns whether clients drop the authkey of a request when they are redirected to another host:
 * they do so with `Authorization`, but not with a header of this dialect.
 */
export function isDroppedOnRedirect(request: Request): boolean {
  return bearerToken(request) !== null && request.headers['x-velocity-authkey'] === undefined;
}

function single(request: Request, header: string): string | undefined {
  const [value, ...more] = request.headersDistinct[header] ?? [];
  if (more.length > 0) throw new RequestError('malformed', `${header} is sent more than once: send it once`);
  return value;
}

function fieldOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'authkey' in body ? body.authkey : null;
}
