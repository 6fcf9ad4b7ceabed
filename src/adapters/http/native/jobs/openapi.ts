import type { CancelJobFailure } from '../../../../application/jobs/cancel-job.ts';
import type { ViewVisibleJobFailure } from '../../../../application/jobs/list-visible-jobs.ts';
import { dryRunQuery } from '../dry-run.ts';
import { pageResponse } from '../list.ts';
import {
  emptyAnswer,
  pathId,
  queryParameters,
  taggedAnswers,
  type FailureSet,
  type NativeResource,
} from '../openapi/call.ts';
import { jobsQuery } from './jobs.ts';
import { jobResponse } from './job-wire.ts';

const JOB = pathId('job', 'A job, by its id.', 'f47ac10b-58cc-4372-a567-0e02b2c3d479');

/** Jobs in the document. */
export const JOBS: NativeResource = {
  name: 'jobs',
  description: 'Work that outlives its request, with its progress.',
  calls: {
    'GET /jobs': {
      summary: 'List jobs',
      description:
        "The caller's own jobs, and those of groups on which the caller holds `velocity.media.list`. Jobs are kept for three days after they end.",
      parameters: queryParameters(jobsQuery.shape),
      answers: taggedAnswers('A page of the jobs', pageResponse(jobResponse)),
      failures: {},
      problems: ['precondition-failed'],
    },
    'GET /jobs/{job}': {
      summary: 'Show a job',
      parameters: [JOB],
      answers: taggedAnswers('The job', jobResponse),
      failures: { 'job-not-found': true } satisfies FailureSet<ViewVisibleJobFailure>,
      problems: ['precondition-failed'],
    },
    'DELETE /jobs/{job}': {
      summary: 'Cancel a job',
      description:
        'The name and the charge of its item are free at once; its bytes are deleted soon. For jobs of other users it needs `velocity.media.remove`.',
      parameters: [JOB, ...queryParameters(dryRunQuery.shape)],
      answers: { 204: emptyAnswer('The job is cancelled') },
      failures: {
        'job-not-found': true,
        'permission-missing': true,
        'job-ended': true,
      } satisfies FailureSet<CancelJobFailure>,
      problems: ['precondition-failed'],
    },
  },
};
