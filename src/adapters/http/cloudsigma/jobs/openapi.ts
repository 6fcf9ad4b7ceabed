import { z } from 'zod';
import type { ViewJobFailure } from '../../../../application/jobs/view-job.ts';
import { allOf, ok, type DescribedResource } from '../openapi/call.ts';
import { fieldsParameter, listParameters, UUID } from '../openapi/parameters.ts';
import { answeredShape, pageOf, resourceSchemaResponse } from '../openapi/shapes.ts';

const jobResponse = answeredShape('Job', 'Work that continues after its request was answered.', {
  children: z.array(z.string()),
  created: z.iso.datetime({ offset: true }),
  data: z.object({ progress: z.int().min(0).max(100).meta({ description: 'Per cent.' }) }),
  last_modified: z.iso.datetime({ offset: true }),
  operation: z.string().meta({ description: 'Such as `drive_clone`.' }),
  resource_uri: z.string(),
  resources: z.array(z.string()).meta({ description: 'The URIs of its drives.' }),
  state: z.enum(['started', 'success', 'error']),
  uuid: z.uuid(),
});

export const JOBS: DescribedResource = {
  name: 'jobs',
  description: 'Work that continues after its request was answered. Ended jobs are listed for three days.',
  calls: {
    'GET /jobs/': {
      summary: 'List jobs',
      parameters: listParameters('uuid,state'),
      answers: ok('One page of them', pageOf(jobResponse.projected)),
    },
    'GET /jobs/detail/': {
      summary: 'List jobs, as `/jobs/` does',
      parameters: listParameters('uuid,state'),
      answers: ok('One page of them', pageOf(jobResponse.projected)),
    },
    'GET /jobs/schema/': {
      summary: 'Describe jobs',
      parameters: [fieldsParameter('fields')],
      answers: ok('Their fields', resourceSchemaResponse.projected),
    },
    'GET /jobs/{uuid}/': {
      summary: 'View a job',
      parameters: [UUID, fieldsParameter('state,data')],
      answers: ok('The job', jobResponse.projected),
      failures: allOf<ViewJobFailure>({ 'job-not-found': true }),
    },
  },
};
