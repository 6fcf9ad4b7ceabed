import { z } from 'zod';
import type { VisibleJob } from '../../../../application/media/visible-job.ts';
import type { DomainError } from '../../../../domain/shared/domain-error.ts';
import { FAILURE_CODES } from '../../shared/failure-problems.ts';
import { problemSentence } from '../../shared/problem-sentences.ts';
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
  failure_detail: z
    .string()
    .nullable()
    .meta({ description: 'That failure of an import in a sentence; null for other jobs.' }),
  source: z.guid().nullable().meta({
    description: 'The item that is read; it may not exist any more. Null for an import.',
  }),
  media: z.guid().meta({ description: 'The item that is created or changed; it may not exist any more.' }),
  group: z.int().nullable().meta({ description: 'The group of that item; null if it was removed.' }),
  phase: z.enum(['connecting', 'downloading', 'verifying']).nullable().meta({
    description: 'What is done for an import; null while it waits, and for other jobs.',
  }),
  copied_bytes: z.int(),
  total_bytes: z.int().meta({ description: 'Of an import, 0 until its source has told its length.' }),
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
    failure_detail: failureSentence(job),
    source: job.operation === 'import' ? null : job.source,
    media: job.subject,
    group: job.group,
    phase: job.phase,
    copied_bytes: job.copied,
    total_bytes: job.total,
    rate: job.bytesPerSecond,
    estimated_end_at: job.estimatedEnd?.toISOString() ?? null,
    created_at: job.created,
    modified_at: job.modified,
    created_by: job.owner,
  };
}

/** Only imports store failures with their details, which sentences need. */
function failureSentence({ failure, failureDetail: detail }: VisibleJob): string | null {
  const code = FAILURE_CODES.find((one) => one === failure);
  return code === undefined || detail == null ? null : problemSentence({ code, detail } as DomainError);
}
