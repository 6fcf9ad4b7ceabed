import { z } from 'zod';
import { ok, type DescribedResource } from '../openapi/call.ts';
import { fieldsParameter } from '../openapi/parameters.ts';
import { answeredShape, count, resourceSchema } from '../openapi/shapes.ts';

const range = z.object({ max: count, min: count });

const capabilities = answeredShape(
  'Capabilities',
  'What of this service is limited. Only `drives` says something here.',
  {
    backfilling: z.boolean(),
    card_backend: z.string(),
    currencies: z.array(z.string()),
    default_inactive_period: count,
    default_storage_type: z.string().nullable(),
    drives: z
      .record(
        z.string(),
        z.object({
          iops: z.object({ base: count, max: count, min: count }),
          max_size: count,
          min_size: count,
          size: range,
        }),
      )
      .meta({ description: 'The limits of drives, in bytes, by storage type.' }),
    hosts: z.object({}),
    hypervisors: z.object({}),
    inactive_period_range: range,
    remote_snapshots: z.object({ current: count, max: count, remote_locations: z.array(z.string()) }),
    servers: z.object({
      cpu: range,
      cpu_per_smp: range,
      default_start_method: z.string(),
      mem: range,
      smp: range,
      start_methods: z.array(z.string()),
    }),
    snapshots: z.object({ current: count, max: count, max_per_drive: count }),
  },
);

export const CAPABILITIES: DescribedResource = {
  name: 'capabilities',
  description: 'What may be asked of this service.',
  calls: {
    'GET /capabilities/': {
      summary: 'View the capabilities',
      parameters: [fieldsParameter('drives,default_storage_type')],
      answers: ok('The capabilities', capabilities.projected),
    },
    'GET /capabilities/schema/': {
      summary: 'Describe the capabilities',
      parameters: [fieldsParameter('fields')],
      answers: ok('Their fields', resourceSchema.projected),
    },
  },
};
