import { credentialsRequest, authkeyRequest, authkeyResponse } from '../u/auth.ts';
import { groupCreateRequest, groupRequest, groupResponse, groupDetailResponse } from '../u/group.ts';
import { groupListResponse } from '../u/group-list.ts';
import { userCreateRequest, userRemoveRequest, userResponse, userDetailResponse, userViewRequest } from '../u/user.ts';
import { homeRequest, homeResponse } from '../u/user-home.ts';
import { userListResponse } from '../u/user-list.ts';
import { grantRequest, revokeRequest } from '../u/user-permission.ts';
import { emptyResponse } from '../wire.ts';
import { answered, jsonBody, type VelocityCall } from './call.ts';

/** In the form of a real one. */
const SOME_KEY = 'nVqTQ1nXJ9tUNh4AJbYpzQkWUqKq2Fzv6cWcm0bTTbM';

export const AUTH = {
  'POST /u/auth': {
    summary: 'Log in',
    description: 'Whoever knows the password of a user gets an authkey, which every other call needs.',
    body: jsonBody(credentialsRequest, {
      usual: { summary: 'A name and a password', value: { name: 'ada', password: 'correct horse' } },
      older: { summary: 'As older clients say it', value: { username: 'ada', password: 'correct horse' } },
    }),
    answers: answered('A fresh authkey', authkeyResponse),
    isOpen: true,
  },
  'PATCH /u/auth': {
    summary: 'Swap an authkey for a fresh one',
    description: 'The old one is dropped at once. It is in the body; nothing else is needed.',
    body: jsonBody(authkeyRequest, { usual: { summary: 'The key to swap', value: { authkey: SOME_KEY } } }),
    answers: answered('A fresh authkey', authkeyResponse),
    isOpen: true,
  },
  'DELETE /u/auth': {
    summary: 'Drop an authkey',
    description: 'One that does not exist is as good as dropped.',
    body: jsonBody(authkeyRequest, { usual: { summary: 'The key to drop', value: { authkey: SOME_KEY } } }),
    answers: answered('Dropped', emptyResponse),
    isOpen: true,
  },
} as const satisfies Readonly<Record<string, VelocityCall>>;

export const USERS = {
  'POST /u/user': {
    summary: 'View a user',
    description:
      'The caller, a user that it created, or, with `velocity.user.view`, another one: then with the memberships in groups on which the ' +
      'caller holds it. The groups above those are listed too. `home_gid` goes beyond the contract.',
    body: jsonBody(
      userViewRequest,
      {
        oneself: { summary: 'Oneself', value: {} },
        another: { summary: 'Somebody else', value: { uid: 1 } },
      },
      false,
    ),
    answers: answered('The user and what it holds', userDetailResponse),
  },
  'PUT /u/user': {
    summary: 'Make a user',
    description: 'Needs `velocity.user.create` on any group.',
    body: jsonBody(userCreateRequest, {
      usual: { summary: 'Grace', value: { name: 'grace', password: 'battery staple' } },
    }),
    answers: answered('The user', userResponse),
  },
  'PATCH /u/user': {
    summary: 'Set the home group of a user',
    description:
      'Beyond the contract: where the drives of the user go in the CloudSigma dialect, and who may remove the user. For the user, its ' +
      'creator, and holders of `velocity.user.assign` on the root group. The user must hold `velocity.media.create` on the group.',
    body: jsonBody(homeRequest, {
      own: { summary: 'The home of the caller', value: { home_gid: 0 } },
      another: { summary: 'That of another user', value: { uid: 1, home_gid: 1 } },
    }),
    answers: answered('The user and its home group', homeResponse),
  },
  'DELETE /u/user': {
    summary: 'Remove a user',
    description:
      'For the creator of the user, and with `velocity.user.remove` on the home group of the user or on the root group.',
    body: jsonBody(userRemoveRequest, { usual: { summary: 'A user', value: { uid: 1 } } }),
    answers: answered('Removed', emptyResponse),
  },
  'POST /u/user/list': {
    summary: 'List the users',
    description: 'Needs `velocity.user.list` on any group.',
    answers: answered('All users', userListResponse),
  },
  'PUT /u/user/permission': {
    summary: 'Give a permission',
    description: 'Needs `velocity.user.assign` on the group, and the permission itself.',
    body: jsonBody(grantRequest, {
      usual: { summary: 'May list media', value: { uid: 1, gid: 1, permission: 'velocity.media.list' } },
    }),
    answers: answered('Given', emptyResponse),
  },
  'DELETE /u/user/permission': {
    summary: 'Take permissions',
    description:
      'Needs `velocity.user.revoke` on the group, and the permission itself. Without a permission all are taken.',
    body: jsonBody(revokeRequest, {
      one: { summary: 'One of them', value: { uid: 1, gid: 1, permission: 'velocity.media.list' } },
      all: { summary: 'All of them', value: { uid: 1, gid: 1 } },
    }),
    answers: answered('Taken', emptyResponse),
  },
} as const satisfies Readonly<Record<string, VelocityCall>>;

export const GROUPS = {
  'POST /u/group': {
    summary: 'View a group',
    description: 'Needs `velocity.group.view` on it.',
    body: jsonBody(groupRequest, { usual: { summary: 'A group', value: { gid: 1 } } }),
    answers: answered('The group and its members', groupDetailResponse),
  },
  'PUT /u/group': {
    summary: 'Make a group',
    description: 'Needs `velocity.group.create` on the parent.',
    body: jsonBody(groupCreateRequest, { usual: { summary: 'Below the root', value: { name: 'lab', parent_gid: 0 } } }),
    answers: answered('The group', groupResponse),
  },
  'DELETE /u/group': {
    summary: 'Remove a group',
    description: 'With all groups below it and everything that they have. Needs `velocity.group.remove` on the parent.',
    body: jsonBody(groupRequest, { usual: { summary: 'A group', value: { gid: 1 } } }),
    answers: answered('Removed', emptyResponse),
  },
  'POST /u/group/list': {
    summary: 'List groups',
    description:
      'Those on which the caller holds anything, all below them, and those above. Each comes after its parent.',
    answers: answered('The groups', groupListResponse),
  },
} as const satisfies Readonly<Record<string, VelocityCall>>;
