import { z } from 'zod';
import type { SystemView } from '../../../../application/maintenance/view-system.ts';

const examinationResponse = z
  .object({
    ended_at: z.iso.datetime(),
    result: z.enum(['healthy', 'findings', 'incomplete']).meta({
      description: '`incomplete` if something could not be read, or the command was stopped.',
    }),
    findings: z.int().meta({ description: 'Also those that the command repaired.' }),
  })
  .nullable();

export const systemResponse = z.object({
  version: z.string(),
  uptime_seconds: z.int().meta({ description: 'Of the replica that answers.' }),
  database: z.object({
    version: z.string(),
    size_bytes: z.int(),
    latency_ms: z.number().meta({ description: 'The time of one query.' }),
  }),
  pools: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      usable: z.boolean(),
      capacity_bytes: z.int().nullable().meta({ description: 'Null for no limit.' }),
      used_bytes: z.int().nullable(),
      free_bytes: z.int().nullable().meta({ description: 'On the filesystem; null in S3.' }),
      damaged: z.int().nullable().meta({ description: 'The number of blobs that a scrub found damaged.' }),
    }),
  ),
  replicas: z
    .array(z.object({ id: z.guid(), version: z.string(), started_at: z.iso.datetime(), seen_at: z.iso.datetime() }))
    .meta({ description: 'Those that were seen in the last minute.' }),
  uploads: z.object({ open: z.int(), received_bytes: z.int() }).nullable(),
  jobs: z
    .object({ waiting: z.int(), running: z.int() })
    .nullable()
    .meta({ description: 'Of at most 10,000 open jobs.' }),
  last_doctor: examinationResponse.meta({ description: 'The last `platter doctor`; null if it never ran.' }),
  last_scrub: examinationResponse.meta({ description: 'The last `platter scrub`; null if it never ran.' }),
});

/** Presents the installation as a whole. */
export function systemWire(view: SystemView): z.input<typeof systemResponse> {
  const { version, uptimeSeconds, database, pools, replicas, uploads, jobs, lastDoctor, lastScrub } = view;
  return {
    version,
    uptime_seconds: uptimeSeconds,
    database: {
      version: database.version,
      size_bytes: database.sizeBytes,
      latency_ms: Math.round(database.latencyMs * 100) / 100,
    },
    pools: pools.map(({ id, name, usable, capacity, used, free, damaged }) => ({
      id,
      name,
      usable,
      capacity_bytes: capacity,
      used_bytes: used,
      free_bytes: free,
      damaged,
    })),
    replicas: replicas.map(({ id, version: running, startedAt, seenAt }) => ({
      id,
      version: running,
      started_at: startedAt.toISOString(),
      seen_at: seenAt.toISOString(),
    })),
    uploads: uploads === null ? null : { open: uploads.uploads, received_bytes: uploads.bytes },
    jobs: jobs === null ? null : { waiting: jobs.waiting, running: jobs.underway },
    last_doctor: examinationWire(lastDoctor),
    last_scrub: examinationWire(lastScrub),
  };
}

function examinationWire(ended: SystemView['lastDoctor']): z.input<typeof examinationResponse> {
  if (ended === null) return null;
  return { ended_at: ended.endedAt.toISOString(), result: ended.result, findings: ended.findings };
}
