import type { BrowseGroupsFailure } from '../../../../application/access/browse-groups.ts';
import type { CreateGroupFailure } from '../../../../application/access/create-group.ts';
import type { GrantPermissionFailure } from '../../../../application/access/grant-permission.ts';
import type { ListGrantsFailure } from '../../../../application/access/list-grants.ts';
import type { ListMembersFailure } from '../../../../application/access/list-members.ts';
import type { RemoveGroupFailure } from '../../../../application/access/remove-group.ts';
import type { RenameGroupFailure } from '../../../../application/access/rename-group.ts';
import type { RevokePermissionFailure } from '../../../../application/access/revoke-permission.ts';
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
import { groupResponse } from './group-wire.ts';
import { groupChangesRequest, groupRequest, groupsQuery } from './groups.ts';
import { granteeResponse, grantRequest, memberResponse, membersQuery } from './members.ts';

const GROUP = pathId('group', 'A group, by its id.', 0);
const USER = pathId('user', 'A user, by its id, or `me`.', 'me');

/** Groups, their members and their grants in the document. */
export const GROUPS: NativeResource = {
  name: 'groups',
  description: 'The tree of groups, their members and the permissions granted on them.',
  calls: {
    'GET /groups': {
      summary: 'List groups',
      description: 'The groups on which you hold a permission, all groups below them, and their ancestors.',
      parameters: queryParameters(groupsQuery.shape),
      answers: taggedAnswers('A page of the groups', pageResponse(groupResponse)),
      failures: {},
      problems: ['precondition-failed'],
    },
    'POST /groups': {
      summary: 'Create a group',
      description: 'Needs `velocity.group.create` on the parent.',
      body: jsonBody(groupRequest, {
        usual: { summary: 'Below the root', value: { name: 'the laboratory', parent: 0 } },
      }),
      answers: { 201: jsonAnswer('The group', groupResponse, ['Cache-Control']) },
      failures: {
        'name-invalid': true,
        'permission-missing': true,
        'group-not-found': true,
        'groups-too-deep': true,
        'group-name-taken': true,
      } satisfies FailureSet<CreateGroupFailure>,
    },
    'GET /groups/{group}': {
      summary: 'Show a group',
      parameters: [GROUP],
      answers: taggedAnswers('The group', groupResponse),
      failures: { 'group-not-found': true } satisfies FailureSet<BrowseGroupsFailure>,
      problems: ['precondition-failed'],
    },
    'PATCH /groups/{group}': {
      summary: 'Rename a group',
      description: 'Needs `velocity.group.create` on the parent.',
      parameters: [GROUP],
      body: jsonBody(groupChangesRequest, { usual: { summary: 'Another name', value: { name: 'the workshop' } } }),
      answers: { 200: jsonAnswer('The group', groupResponse, ['Cache-Control']) },
      failures: {
        'name-invalid': true,
        'permission-missing': true,
        'group-not-found': true,
        'group-name-taken': true,
        protected: true,
      } satisfies FailureSet<RenameGroupFailure>,
      problems: ['precondition-failed'],
    },
    'DELETE /groups/{group}': {
      summary: 'Delete a group',
      description: 'With all groups below it and their media. Needs `velocity.group.remove` on the parent.',
      parameters: [GROUP, ...queryParameters(dryRunQuery.shape)],
      answers: { 204: emptyAnswer('The group is gone', ['Cache-Control']) },
      failures: {
        'permission-missing': true,
        'group-not-found': true,
        'group-protected': true,
        protected: true,
      } satisfies FailureSet<RemoveGroupFailure>,
      problems: ['precondition-failed'],
    },
    'GET /groups/{group}/members': {
      summary: 'List the members of a group',
      description: 'The users with a permission directly on the group. Needs `velocity.group.view`.',
      parameters: [GROUP, ...queryParameters(membersQuery.shape)],
      answers: taggedAnswers('A page of the members', pageResponse(memberResponse)),
      failures: { 'permission-missing': true, 'group-not-found': true } satisfies FailureSet<ListMembersFailure>,
      problems: ['precondition-failed'],
    },
    'DELETE /groups/{group}/members/{user}': {
      summary: 'Revoke all permissions of a user on a group',
      description: 'Needs `velocity.user.revoke`, and each of these permissions.',
      parameters: [GROUP, USER, ...queryParameters(dryRunQuery.shape)],
      answers: { 204: emptyAnswer('The user holds none directly on the group', ['Cache-Control']) },
      failures: revoking(),
    },
    'GET /groups/{group}/grants': {
      summary: 'List who may what in a group',
      description:
        'The users with a permission on the group or on a group above it, and where each permission is granted. Needs `velocity.group.view`; grants on groups above where you lack that are left out.',
      parameters: [GROUP, ...queryParameters(membersQuery.shape)],
      answers: taggedAnswers('A page of the users', pageResponse(granteeResponse)),
      failures: { 'permission-missing': true, 'group-not-found': true } satisfies FailureSet<ListGrantsFailure>,
      problems: ['precondition-failed'],
    },
    'POST /groups/{group}/grants': {
      summary: 'Grant a permission',
      description: 'Needs `velocity.user.assign`, and the permission itself. Idempotent.',
      parameters: [GROUP],
      body: jsonBody(grantRequest, {
        usual: { summary: 'Reading media', value: { user: 1, permission: 'velocity.media.list' } },
      }),
      answers: { 204: emptyAnswer('The user holds it', ['Cache-Control']) },
      failures: {
        'permission-missing': true,
        'user-not-found': true,
        'group-not-found': true,
        'permission-not-found': true,
        'permission-above-own': true,
      } satisfies FailureSet<GrantPermissionFailure>,
    },
    'DELETE /groups/{group}/grants/{user}/{permission}': {
      summary: 'Revoke a permission',
      description: 'Needs `velocity.user.revoke`, and the permission itself. Idempotent.',
      parameters: [
        GROUP,
        USER,
        pathId('permission', 'The name of a permission.', 'velocity.media.list'),
        ...queryParameters(dryRunQuery.shape),
      ],
      answers: { 204: emptyAnswer('The user does not hold it directly on the group', ['Cache-Control']) },
      failures: revoking(),
    },
  },
};

function revoking(): FailureSet<RevokePermissionFailure> {
  return {
    'permission-missing': true,
    'user-not-found': true,
    'group-not-found': true,
    'permission-not-found': true,
    'permission-above-own': true,
    protected: true,
  };
}
