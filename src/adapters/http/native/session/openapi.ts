import type { BeginSessionFailure } from '../../../../application/access/begin-session.ts';
import type { ViewUserFailure } from '../../../../application/access/view-user.ts';
import { jsonAnswer } from '../../shared/openapi/description.ts';
import { emptyAnswer, jsonBody, type FailureSet, type NativeResource } from '../openapi/call.ts';
import { userDetailResponse } from '../users/user-detail-wire.ts';
import { sessionRequest, sessionResponse } from './session.ts';

/** The session in the document. */
export const SESSION: NativeResource = {
  name: 'session',
  description: 'Logging in and out with a browser, and who I am.',
  calls: {
    'POST /session': {
      summary: 'Log in',
      description: 'The answer sets the cookie of the session. Only pages of this server may do this.',
      body: jsonBody(sessionRequest, {
        usual: { summary: 'A name and a password', value: { name: 'ada', password: 'correct horse' } },
      }),
      answers: { 201: jsonAnswer('The session has begun', sessionResponse, ['Set-Cookie', 'Cache-Control']) },
      failures: { 'wrong-credentials': true, 'too-many-logins': true } satisfies FailureSet<BeginSessionFailure>,
    },
    'GET /session': {
      summary: 'Who I am',
      description: 'The user of the credentials, with the permissions that hold on each group.',
      answers: { 200: jsonAnswer('The user', userDetailResponse, ['Cache-Control']) },
      failures: { 'permission-missing': true, 'user-not-found': true } satisfies FailureSet<ViewUserFailure>,
    },
    'DELETE /session': {
      summary: 'Log out',
      description: 'Ends the session of the cookie. Succeeds without one too.',
      answers: { 204: emptyAnswer('There is no session', ['Set-Cookie', 'Cache-Control']) },
      failures: {},
    },
  },
};
