import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { RevokeAuthkey } from '../../../../application/access/revoke-authkey.ts';
import type { IssuedAuthkey } from '../../../../application/access/issue-authkey.ts';
import type { LogIn } from '../../../../application/access/log-in.ts';
import type { RotateAuthkey } from '../../../../application/access/rotate-authkey.ts';
import { originOf } from '../../shared/callers.ts';
import { clientAddress } from '../../shared/client-address.ts';
import { openCall } from '../call.ts';

/** Older clients send `username` for `name`. */
export const credentialsRequest = z
  .preprocess(
    (body) =>
      typeof body === 'object' && body !== null && 'username' in body ? { name: body.username, ...body } : body,
    z.object({ name: z.string(), password: z.string() }),
  )
  .meta({
    properties: { name: { type: 'string' }, username: {}, password: { type: 'string' } },
    required: ['password'],
    anyOf: [{ required: ['name'] }, { required: ['username'], properties: { username: { type: 'string' } } }],
  });

/** These calls take the authkey from the body only. An empty one is a missing one. */
export const authkeyRequest = z.object({ authkey: z.string().min(1) });

/** The answer to `POST` and `PATCH`. */
export const authkeyResponse = z
  .object({ authkey: z.string(), expires: z.int().meta({ description: 'Unix time, in seconds.' }) })
  .meta({ id: 'Authkey' });

/** `POST /u/auth` */
export function postAuth(logIn: LogIn): RequestHandler {
  return openCall(credentialsRequest, async ({ name, password }, request) => {
    const credentials = { name, password, address: clientAddress(request) };
    return authkeyWire(await logIn.run(credentials, originOf(request, 'velocity')));
  });
}

/** `PATCH /u/auth` */
export function patchAuth(rotateAuthkey: RotateAuthkey): RequestHandler {
  return openCall(authkeyRequest, async ({ authkey }, request) =>
    authkeyWire(await rotateAuthkey.run(authkey, originOf(request, 'velocity'))),
  );
}

/** `DELETE /u/auth` */
export function deleteAuth(revokeAuthkey: RevokeAuthkey): RequestHandler {
  return openCall(authkeyRequest, async ({ authkey }, request) => {
    await revokeAuthkey.run(authkey, originOf(request, 'velocity'));
    return {};
  });
}

function authkeyWire({ authkey, expires }: IssuedAuthkey): z.input<typeof authkeyResponse> {
  return { authkey, expires };
}
