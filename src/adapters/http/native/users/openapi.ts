import type { ListUsersByPageFailure } from '../../../../application/access/list-users-by-page.ts';
import type { ViewUserFailure } from '../../../../application/access/view-user.ts';
import { jsonAnswer } from '../../shared/openapi/description.ts';
import { pageResponse } from '../list.ts';
import { pathId, queryParameters, taggedAnswers, type FailureSet, type NativeResource } from '../openapi/call.ts';
import { userDetailResponse } from './user-detail-wire.ts';
import { userResponse } from './user-wire.ts';
import { usersQuery } from './users.ts';

const USER = pathId('user', 'A user, by its id.', 0);

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
    'GET /users/{user}': {
      summary: 'Show a user',
      parameters: [USER],
      answers: { 200: jsonAnswer('The user', userDetailResponse, ['Cache-Control']) },
      failures: { 'permission-missing': true, 'user-not-found': true } satisfies FailureSet<ViewUserFailure>,
    },
  },
};
