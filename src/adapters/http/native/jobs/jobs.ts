import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { CancelJob } from '../../../../application/jobs/cancel-job.ts';
import type { ListVisibleJobs } from '../../../../application/jobs/list-visible-jobs.ts';
import type { JobState } from '../../../../domain/jobs/job.ts';
import type { JobId } from '../../../../domain/shared/ids.ts';
import { call, NO_CONTENT } from '../call.ts';
import { callerOfChange } from '../dry-run.ts';
import { matching, tagged } from '../entity-tags.ts';
import { parseQuery } from '../input.ts';
import { keysetTerms, listed, listFields, type ListOrders } from '../list.ts';
import { uuidIn } from '../path-ids.ts';
import { jobWire } from './job-wire.ts';

const ORDERS: ListOrders<'created'> = { sorts: { created: 'time' }, id: 'uuid', defaultSort: '-created' };
const STATES: Readonly<Record<'running' | 'done' | 'failed', JobState>> = {
  running: 'started',
  done: 'success',
  failed: 'error',
};

export const jobsQuery = z.strictObject({
  ...listFields(ORDERS),
  state: z.enum(['running', 'done', 'failed']).optional().meta({ description: 'Only jobs in this state.' }),
});

/** `GET /v1/jobs` */
export function getJobs(listJobs: ListVisibleJobs): RequestHandler {
  return call(async ({ caller, request }) => {
    const query = parseQuery(jobsQuery, request);
    const state = query.state === undefined ? null : STATES[query.state];
    return listed({ request }, query, await listJobs.run(caller, state, keysetTerms(ORDERS, query)), jobWire);
  });
}

/** `GET /v1/jobs/{job}` */
export function getJob(listJobs: ListVisibleJobs): RequestHandler {
  return call(async ({ caller, request }) =>
    tagged({ request }, jobWire(await listJobs.one(caller, uuidIn(request, 'job') as JobId | null))),
  );
}

/** `DELETE /v1/jobs/{job}` */
export function deleteJob(cancelJob: CancelJob): RequestHandler {
  return call(async ({ caller, request }) => {
    const by = callerOfChange({ caller, request });
    await cancelJob.run(by, uuidIn(request, 'job') as JobId | null, matching({ request }, jobWire));
    return NO_CONTENT;
  });
}
