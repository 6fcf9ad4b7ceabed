import type { ChangeOwnPasswordFailure } from '../../../../application/access/change-own-password.ts';
import type { CreateUserFailure } from '../../../../application/access/create-user.ts';
import type { RemoveUserFailure } from '../../../../application/access/remove-user.ts';
import type { SetHomeGroupFailure } from '../../../../application/access/set-home-group.ts';
import type { ListUsersByPageFailure } from '../../../../application/access/list-users-by-page.ts';
import type { ViewUserFailure } from '../../../../application/access/view-user.ts';
import { jsonAnswer } from '../../shared/openapi/description.ts';
import { dryRunQuery } from '../dry-run.ts';
import { pageResponse } from '../list.ts';
import {
  emptyAnswer,
  jsonBody,
  pathId,
  queryParameters,
  taggedAnswers,
  type FailureSet,
  type NativeResource,
} from '../openapi/call.ts';
import { userDetailResponse } from './user-detail-wire.ts';
import { userResponse } from './user-wire.ts';
import { passwordRequest, userChangesRequest } from './user.ts';
import { userRequest, usersQuery } from './users.ts';

const USER = pathId('user', 'A user, by its id, or `me`.', 'me');

/** Users in the document. */
export const USERS: NativeResource = {
  name: 'users',
  description: 'Users, their homes and their passwords.',
  calls: {
    'GET /users': {
      summary: 'List users',
      description: 'Needs `velocity.user.list` on any group.',
      parameters: queryParameters(usersQuery.shape),
      answers: taggedAnswers('A page of all users', pageResponse(userResponse)),
      failures: { 'permission-missing': true } satisfies FailureSet<ListUsersByPageFailure>,
      problems: ['precondition-failed'],
    },
    'POST /users': {
      summary: 'Create a user',
      description: 'Needs `velocity.user.create` on any group. The user is in no group yet.',
      body: jsonBody(userRequest, {
        usual: { summary: 'A name and a password', value: { name: 'hopper', password: 'correct horse' } },
      }),
      answers: { 201: jsonAnswer('The user', userResponse, ['Cache-Control']) },
      failures: {
        'name-invalid': true,
        'password-invalid': true,
        'permission-missing': true,
        'user-name-taken': true,
        'too-many-possessions': true,
      } satisfies FailureSet<CreateUserFailure>,
    },
    'PUT /users/me/password': {
      summary: 'Change your password',
      description: 'Ends all your sessions and authkeys, also the one of this request. API tokens stay.',
      body: jsonBody(passwordRequest, {
        usual: { summary: 'The same again', value: { current: 'correct horse', password: 'correct horse' } },
      }),
      answers: { 204: emptyAnswer('The password is changed', ['Cache-Control']) },
      failures: {
        'wrong-credentials': true,
        'too-many-logins': true,
        'password-invalid': true,
      } satisfies FailureSet<ChangeOwnPasswordFailure>,
    },
    'GET /users/{user}': {
      summary: 'Show a user',
      parameters: [USER],
      answers: { 200: jsonAnswer('The user', userDetailResponse, ['Cache-Control']) },
      failures: { 'permission-missing': true, 'user-not-found': true } satisfies FailureSet<ViewUserFailure>,
    },
    'PATCH /users/{user}': {
      summary: 'Set the home group of a user',
      description: 'For the user itself, its creator, and holders of `velocity.user.assign` on the root group.',
      parameters: [USER],
      body: jsonBody(userChangesRequest, { usual: { summary: 'The root group', value: { home: 0 } } }),
      answers: { 204: emptyAnswer('The home group is set', ['Cache-Control']) },
      failures: {
        'permission-missing': true,
        'home-group-forbidden': true,
        protected: true,
        'user-not-found': true,
        'group-not-found': true,
      } satisfies FailureSet<SetHomeGroupFailure>,
    },
    'DELETE /users/{user}': {
      summary: 'Delete a user',
      description: 'For its creator, and holders of `velocity.user.remove` on its home group. Its media stay.',
      parameters: [pathId('user', 'A user, by its id.', 1), ...queryParameters(dryRunQuery.shape)],
      answers: { 204: emptyAnswer('The user is gone', ['Cache-Control']) },
      failures: {
        'permission-missing': true,
        'user-not-found': true,
        protected: true,
      } satisfies FailureSet<RemoveUserFailure>,
    },
  },
};
