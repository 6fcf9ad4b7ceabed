import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { BeginSession } from '../../../../application/access/begin-session.ts';
import type { EndSession } from '../../../../application/access/end-session.ts';
import type { ViewUser } from '../../../../application/access/view-user.ts';
import { originOf } from '../../shared/callers.ts';
import { clientAddress } from '../../shared/client-address.ts';
import { requireOwnOrigin } from '../../shared/own-origin.ts';
import { clearSessionCookie, sessionSecret, setSessionCookie } from '../../shared/session-cookie.ts';
import { call, NO_CONTENT, openCall } from '../call.ts';
import { CHANNEL } from '../callers.ts';
import { parseBody } from '../input.ts';
import { userDetailWire } from '../users/user-detail-wire.ts';
import { userResponse, userWire } from '../users/user-wire.ts';

export const sessionRequest = z.strictObject({ name: z.string(), password: z.string() });

export const sessionResponse = z.object({
  user: userResponse,
  expires_at: z.iso.datetime().meta({ description: 'The latest end; 12 hours without a request end it before.' }),
});

/** `POST /v1/session`: a page of another origin cannot log its visitor in. */
export function postSession(beginSession: BeginSession): RequestHandler {
  return openCall(async (request, response) => {
    requireOwnOrigin(request);
    const credentials = { ...parseBody(sessionRequest, request), address: clientAddress(request) };
    const { secret, user, expiresAt } = await beginSession.run(credentials, originOf(request, CHANNEL));
    setSessionCookie(request, response, secret, expiresAt);
    return {
      status: 201,
      body: { user: userWire(user), expires_at: expiresAt.toISOString() } satisfies z.input<typeof sessionResponse>,
    };
  });
}

/** `GET /v1/session`: who I am, with any credentials. */
export function getSession(viewUser: ViewUser): RequestHandler {
  return call(async ({ caller }) => {
    return { status: 200, body: userDetailWire(await viewUser.run(caller, null)) };
  });
}

/** `DELETE /v1/session`: also without a session, so that a browser can always log out. */
export function deleteSession(endSession: EndSession): RequestHandler {
  return openCall(async (request, response) => {
    requireOwnOrigin(request);
    const secret = sessionSecret(request);
    if (secret !== null) await endSession.run(secret, originOf(request, CHANNEL));
    clearSessionCookie(request, response);
    return NO_CONTENT;
  });
}
