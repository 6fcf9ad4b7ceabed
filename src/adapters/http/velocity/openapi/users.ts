import { credentialsRequest, authkeyRequest, authkeyResponse } from '../u/auth.ts';
import { groupCreateRequest, groupRequest, groupResponse, groupDetailResponse } from '../u/group.ts';
import { groupListResponse } from '../u/group-list.ts';
import { userCreateRequest, userRemoveRequest, userResponse, userDetailResponse, userViewRequest } from '../u/user.ts';
import { homeRequest, homeResponse } from '../u/user-home.ts';
import { userListResponse } from '../u/user-list.ts';
import { grantRequest, revokeRequest } from '../u/user-permission.ts';
import { emptyResponse } from '../wire.ts';
import { answered, jsonBody, type VelocityCall } from './call.ts';

/** Has the form of an authkey. */
const EXAMPLE_AUTHKEY = 'nVqTQ1nXJ9tUNh4AJbYpzQkWUqKq2Fzv6cWcm0bTTbM';

export const AUTH = {
  'POST /u/auth': {
    summary: 'Log in',
    description: 'Log in with a name and a password to get an authkey, which most other calls need.',
    body: jsonBody(credentialsRequest, {
      usual: { summary: 'A name and a password', value: { name: 'ada', password: 'correct horse' } },
      older: { summary: 'Older clients', value: { username: 'ada', password: 'correct horse' } },
    }),
    answers: answered('A new authkey', authkeyResponse),
    isOpen: true,
  },
  'PATCH /u/auth': {
    summary: 'Exchange an authkey for a new one',
    description: 'Revokes the old authkey at once. It is sent in the body; the call needs no other authentication.',
    body: jsonBody(authkeyRequest, { usual: { summary: 'An authkey', value: { authkey: EXAMPLE_AUTHKEY } } }),
    answers: answered('A new authkey', authkeyResponse),
    isOpen: true,
  },
  'DELETE /u/auth': {
    summary: 'Revoke an authkey',
    description: 'Idempotent: also succeeds for an unknown authkey.',
    body: jsonBody(authkeyRequest, { usual: { summary: 'An authkey', value: { authkey: EXAMPLE_AUTHKEY } } }),
    answers: answered('Revoked', emptyResponse),
    isOpen: true,
  },
} as const satisfies Readonly<Record<string, VelocityCall>>;

export const USERS = {
  'POST /u/user': {
    summary: 'View a user',
    description:
      'The caller, a user that the caller created, or, with `velocity.user.view`, another user: then with the memberships in groups on which ' +
      'the caller holds that permission. The groups above those are listed too. `home_gid` goes beyond the contract.',
    body: jsonBody(
      userViewRequest,
      {
        oneself: { summary: 'The caller', value: {} },
        another: { summary: 'Another user', value: { uid: 1 } },
      },
      false,
    ),
    answers: answered('The user with its memberships', userDetailResponse),
  },
  'PUT /u/user': {
    summary: 'Create a user',
    description: 'Needs `velocity.user.create` on any group.',
    body: jsonBody(userCreateRequest, {
      usual: { summary: 'Grace', value: { name: 'grace', password: 'battery staple' } },
    }),
    answers: answered('The user', userResponse),
  },
  'PATCH /u/user': {
    summary: 'Set the home group of a user',
    description:
      'Beyond the contract. The home group receives the drives of the user in the CloudSigma dialect, and decides who may remove the user. Allowed to the ' +
      'user, its creator, and holders of `velocity.user.assign` on the root group. The user must hold `velocity.media.create` on the group.',
    body: jsonBody(homeRequest, {
      own: { summary: 'The home of the caller', value: { home_gid: 0 } },
      another: { summary: 'The home of another user', value: { uid: 1, home_gid: 1 } },
    }),
    answers: answered('The user and its home group', homeResponse),
  },
  'DELETE /u/user': {
    summary: 'Remove a user',
    description:
      'Allowed to the creator of the user, and with `velocity.user.remove` on the home group of the user or on the root group.',
    body: jsonBody(userRemoveRequest, { usual: { summary: 'A user', value: { uid: 1 } } }),
    answers: answered('Removed', emptyResponse),
  },
  'POST /u/user/list': {
    summary: 'List the users',
    description: 'Needs `velocity.user.list` on any group.',
    answers: answered('All users', userListResponse),
  },
  'PUT /u/user/permission': {
    summary: 'Grant a permission',
    description: 'Needs `velocity.user.assign` on the group, and the permission itself.',
    body: jsonBody(grantRequest, {
      usual: { summary: 'The permission to list media', value: { uid: 1, gid: 1, permission: 'velocity.media.list' } },
    }),
    answers: answered('Granted', emptyResponse),
  },
  'DELETE /u/user/permission': {
    summary: 'Revoke permissions',
    description:
      'Needs `velocity.user.revoke` on the group, and the permission itself. Without a permission, revokes all.',
    body: jsonBody(revokeRequest, {
      one: { summary: 'One permission', value: { uid: 1, gid: 1, permission: 'velocity.media.list' } },
      all: { summary: 'All permissions', value: { uid: 1, gid: 1 } },
    }),
    answers: answered('Revoked', emptyResponse),
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
    summary: 'Create a group',
    description: 'Needs `velocity.group.create` on the parent.',
    body: jsonBody(groupCreateRequest, { usual: { summary: 'Below the root', value: { name: 'lab', parent_gid: 0 } } }),
    answers: answered('The group', groupResponse),
  },
  'DELETE /u/group': {
    summary: 'Remove a group',
    description:
      'Also removes all groups below it, and the media of all of them. Needs `velocity.group.remove` on the parent.',
    body: jsonBody(groupRequest, { usual: { summary: 'A group', value: { gid: 1 } } }),
    answers: answered('Removed', emptyResponse),
  },
  'POST /u/group/list': {
    summary: 'List groups',
    description:
      'The groups on which the caller holds a permission, all groups below them, and the groups above them. Each comes after its parent.',
    answers: answered('The groups', groupListResponse),
  },
} as const satisfies Readonly<Record<string, VelocityCall>>;
