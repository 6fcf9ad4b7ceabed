import type { RequestHandler } from 'express';
import type { ListJobs } from '../../../../application/jobs/list-jobs.ts';
import type { ViewJob } from '../../../../application/jobs/view-job.ts';
import type { JobId } from '../../../../domain/shared/ids.ts';
import { bare, call } from '../call.ts';
import { streamedPage, pageOf } from '../listing.ts';
import { idFrom } from '../sent-reference.ts';
import { jobWire } from './job-wire.ts';

/** `GET /jobs/` and `GET /jobs/detail/`, with the same answer. */
export function getJobs(listJobs: ListJobs): RequestHandler {
  return call(async ({ caller, request }) => {
    const page = pageOf(request);
    const found = await listJobs.run(caller, { ...page, limit: page.limit === 0 ? null : page.limit });
    return streamedPage(request, page, found, jobWire);
  });
}

/** `GET /jobs/{uuid}/` */
export function getJob(viewJob: ViewJob): RequestHandler {
  return call(async (context) =>
    bare(context, jobWire(await viewJob.run(context.caller, idFrom(context.request.params.uuid) as JobId | null))),
  );
}
