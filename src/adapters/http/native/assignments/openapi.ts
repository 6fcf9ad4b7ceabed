import type { AssignPoolFailure } from '../../../../application/pools/assign-pool.ts';
import type { ListPoolsFailure } from '../../../../application/pools/list-pools.ts';
import type { RevokePoolFailure } from '../../../../application/pools/revoke-pool.ts';
import { dryRunQuery } from '../dry-run.ts';
import {
  emptyAnswer,
  jsonBody,
  pathId,
  queryParameters,
  taggedAnswers,
  type FailureSet,
  type NativeResource,
} from '../openapi/call.ts';
import { assignmentRequest, assignmentsResponse } from './assignments.ts';

const GROUP = pathId('group', 'A group, by its id.', 0);
const POOL = pathId('pool', 'A pool, by its id.', 1);
const DRY_RUN = queryParameters(dryRunQuery.shape);

/** Assignments in the document. */
export const ASSIGNMENTS: NativeResource = {
  name: 'assignments',
  description: 'The pools that a group may use, with its rights and its quota.',
  calls: {
    'GET /groups/{group}/assignments': {
      summary: 'List the pools of a group',
      description: 'Needs `velocity.pool.list`. All on one page.',
      parameters: [GROUP],
      answers: taggedAnswers('The assignments', assignmentsResponse),
      failures: { 'permission-missing': true, 'group-not-found': true } satisfies FailureSet<ListPoolsFailure>,
      problems: ['precondition-failed'],
    },
    'PUT /groups/{group}/assignments/{pool}': {
      summary: 'Assign a pool',
      description: 'Or change the rights and the quota. Needs `velocity.pool.assign`.',
      parameters: [GROUP, POOL, ...DRY_RUN],
      body: jsonBody(assignmentRequest, {
        usual: { summary: 'Ten gigabytes', value: { quota: 10_000_000_000, write: true, manage: true } },
      }),
      answers: { 204: emptyAnswer('The pool is assigned', ['Cache-Control']) },
      failures: {
        'permission-missing': true,
        'pool-not-found': true,
        'group-not-found': true,
        'root-rights-fixed': true,
      } satisfies FailureSet<AssignPoolFailure>,
    },
    'DELETE /groups/{group}/assignments/{pool}': {
      summary: 'Revoke a pool',
      description: 'The media of the group stay, and are not listed. Needs `velocity.pool.revoke`.',
      parameters: [GROUP, POOL, ...DRY_RUN],
      answers: { 204: emptyAnswer('The pool is not assigned', ['Cache-Control']) },
      failures: {
        'permission-missing': true,
        'pool-not-found': true,
        'group-not-found': true,
        protected: true,
      } satisfies FailureSet<RevokePoolFailure>,
    },
  },
};
