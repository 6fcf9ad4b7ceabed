import type { ListChargesFailure } from '../../../../application/quotas/list-charges.ts';
import type { ViewUsageFailure } from '../../../../application/quotas/view-usage.ts';
import { pathId, queryParameters, taggedAnswers, type FailureSet, type NativeResource } from '../openapi/call.ts';
import { entriesQuery } from './usage.ts';
import { entriesResponse, usageResponse } from './usage-wire.ts';

const GROUP = pathId('group', 'A group, by its id.', 0);
const POOL = pathId('pool', 'A pool, by its id.', 1);

/** The usage of groups in the document. */
export const USAGE: NativeResource = {
  name: 'usage',
  description: 'What groups use of their quotas, down to every single item.',
  calls: {
    'GET /groups/{group}/usage': {
      summary: 'What a group uses of each pool',
      description: 'Needs `velocity.pool.list`. Totals and parts are of the same moment.',
      parameters: [GROUP],
      answers: taggedAnswers('The pools that are assigned to the group or that it uses', usageResponse),
      failures: { 'permission-missing': true, 'group-not-found': true } satisfies FailureSet<ViewUsageFailure>,
      problems: ['precondition-failed'],
    },
    'GET /groups/{group}/usage/{pool}/entries': {
      summary: 'List every charge of a group in a pool',
      description: 'Needs `velocity.media.list`. The largest comes first.',
      parameters: [GROUP, POOL, ...queryParameters(entriesQuery.shape)],
      answers: taggedAnswers('A page of the items of the group and of all groups below it', entriesResponse),
      failures: {
        'permission-missing': true,
        'group-not-found': true,
        'pool-not-found': true,
      } satisfies FailureSet<ListChargesFailure>,
      problems: ['precondition-failed'],
    },
  },
};
