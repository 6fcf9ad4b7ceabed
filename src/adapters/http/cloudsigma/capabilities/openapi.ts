import { z } from 'zod';
import { ok, type DescribedResource } from '../openapi/call.ts';
import { fieldsParameter } from '../openapi/parameters.ts';
import { answeredShape, countResponse, resourceSchemaResponse } from '../openapi/shapes.ts';

const rangeResponse = z.object({ max: countResponse, min: countResponse });

const capabilitiesResponse = answeredShape(
  'Capabilities',
  'The limits of this service. Only `drives` has limits here.',
  {
    backfilling: z.boolean(),
    card_backend: z.string(),
    currencies: z.array(z.string()),
    default_inactive_period: countResponse,
    default_storage_type: z.string().nullable(),
    drives: z
      .record(
        z.string(),
        z.object({
          iops: z.object({ base: countResponse, max: countResponse, min: countResponse }),
          max_size: countResponse,
          min_size: countResponse,
          size: rangeResponse,
        }),
      )
      .meta({ description: 'The limits of drives, in bytes, by storage type.' }),
    hosts: z.object({}),
    hypervisors: z.object({}),
    inactive_period_range: rangeResponse,
    remote_snapshots: z.object({ current: countResponse, max: countResponse, remote_locations: z.array(z.string()) }),
    servers: z.object({
      cpu: rangeResponse,
      cpu_per_smp: rangeResponse,
      default_start_method: z.string(),
      mem: rangeResponse,
      smp: rangeResponse,
      start_methods: z.array(z.string()),
    }),
    snapshots: z.object({ current: countResponse, max: countResponse, max_per_drive: countResponse }),
  },
);

export const CAPABILITIES: DescribedResource = {
  name: 'capabilities',
  description: 'The limits of this service.',
  calls: {
    'GET /capabilities/': {
      summary: 'View the capabilities',
      parameters: [fieldsParameter('drives,default_storage_type')],
      answers: ok('The capabilities', capabilitiesResponse.projected),
    },
    'GET /capabilities/schema/': {
      summary: 'Describe the capabilities',
      parameters: [fieldsParameter('fields')],
      answers: ok('Their fields', resourceSchemaResponse.projected),
    },
  },
};
