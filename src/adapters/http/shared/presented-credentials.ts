import type { Request } from 'express';
import { basicCredentials } from './basic-credentials.ts';
import { bearerToken } from './bearer-token.ts';
import { clientAddress } from './client-address.ts';
import { sessionSecret } from './session-cookie.ts';

/** The credentials of a request, by their kind. */
export type PresentedCredentials =
  | { readonly kind: 'bearer'; readonly secret: string }
  | { readonly kind: 'session'; readonly secret: string }
  | { readonly kind: 'password'; readonly name: string; readonly password: string; readonly address: string | null };

/** Returns the credentials of a request, the header before the cookie; null without any. */
export function presentedCredentials(request: Request): PresentedCredentials | null {
  const bearer = bearerToken(request);
  if (bearer !== null) return { kind: 'bearer', secret: bearer };
  const password = basicCredentials(request);
  if (password !== null) return { kind: 'password', ...password, address: clientAddress(request) };
  const session = request.headers.authorization === undefined ? sessionSecret(request) : null;
  return session === null ? null : { kind: 'session', secret: session };
}
