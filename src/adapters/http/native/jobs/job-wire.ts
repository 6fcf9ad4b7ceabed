import { z } from 'zod';
import type { VisibleJob } from '../../../../application/media/visible-job.ts';
import { userResponse } from '../users/user-wire.ts';

const STATES = { started: 'running', success: 'done', error: 'failed' } as const;

export const jobResponse = z.object({
  id: z.guid(),
  operation: z.enum(['clone', 'unshare', 'import', 'move']).meta({
    description:
      '`clone` creates an item; `unshare` gives an item bytes of its own, so that it becomes writable; `import` creates one from a URL; `move` carries an item to another pool.',
  }),
  state: z.enum(['running', 'done', 'failed']),
  failure: z
    .string()
    .nullable()
    .meta({ description: 'The code of the last failure; `cancelled` for a cancelled job.' }),
  source: z.guid().meta({ description: 'The item that is read; it may not exist any more.' }),
  media: z.guid().meta({ description: 'The item that is created or changed; it may not exist any more.' }),
  group: z.int().nullable().meta({ description: 'The group of that item; null if it was removed.' }),
  copied_bytes: z.int(),
  total_bytes: z.int(),
  rate: z.int().nullable().meta({ description: 'Bytes per second since the job was requested.' }),
  estimated_end_at: z.iso.datetime({ precision: 3 }).nullable(),
  created_at: z.iso.datetime({ precision: 6 }),
  modified_at: z.iso.datetime({ precision: 6 }),
  created_by: userResponse.nullable(),
});

/** Presents a job. */
export function jobWire(job: VisibleJob): z.input<typeof jobResponse> {
  return {
    id: job.id,
    operation: job.operation,
    state: STATES[job.state],
    failure: job.failure,
    source: job.source,
    media: job.subject,
    group: job.group,
    copied_bytes: job.copied,
    total_bytes: job.total,
    rate: job.bytesPerSecond,
    estimated_end_at: job.estimatedEnd?.toISOString() ?? null,
    created_at: job.created,
    modified_at: job.modified,
    created_by: job.owner,
  };
}
