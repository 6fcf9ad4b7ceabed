import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ListGroups } from '../../../../application/access/list-groups.ts';
import { call, type CallerOf } from '../call.ts';
import { wholeOrStreamed } from '../../shared/streamed-list.ts';
import { membershipResponse, wireMembership } from './membership.ts';

export const groupListResponse = z.object({ groups: z.array(membershipResponse) });

/** `POST /u/group/list` */
export function postGroupList(callerOf: CallerOf, listGroups: ListGroups): RequestHandler {
  return call(callerOf, z.unknown(), async (_fields, { caller }) => {
    const groups = await listGroups.run(caller);
    return wholeOrStreamed({}, 'groups', groups, wireMembership);
  });
}
