import { z } from 'zod';
import type { GroupUsage } from '../../../../application/quotas/view-usage.ts';
import type { Charge, Charges } from '../../../../application/quotas/list-charges.ts';
import { userResponse } from '../users/user-wire.ts';

const kinds = z.enum(['ready', 'uploading', 'cloning', 'importing', 'moving', 'trashed']);

const poolUsageResponse = z.object({
  pool: z.object({ id: z.int(), name: z.string() }),
  quota_bytes: z.int().nullable().meta({ description: 'The quota of the group itself; null for none.' }),
  bound_by: z
    .object({
      group: z.int().nullable().meta({ description: 'A group of the path; null for the pool itself.' }),
      limit_bytes: z.int(),
    })
    .nullable()
    .meta({ description: 'The limit with the least headroom; null without any limit.' }),
  available_bytes: z.int().nullable().meta({ description: 'The headroom below all limits; null without any.' }),
  warning: z
    .union([z.literal(80), z.literal(95)])
    .nullable()
    .meta({
      description: 'The percentage of a limit that the usage has reached.',
    }),
  used: z.object({
    total_bytes: z.int().meta({ description: 'As the usage is counted, with all groups below.' }),
    ready_bytes: z.int(),
    uploading_bytes: z.int(),
    cloning_bytes: z.int(),
    importing_bytes: z.int(),
    moving_bytes: z.int().meta({ description: 'Copies of items that move here from another pool.' }),
    trashed_bytes: z.int(),
  }),
  items: z.int(),
  difference_bytes: z.int().meta({
    description: 'What the total counts more than the items themselves add up to. Not 0: tell the operator.',
  }),
  whole: z
    .object({ capacity_bytes: z.int().nullable(), used_bytes: z.int(), free_bytes: z.int().nullable() })
    .nullable()
    .meta({ description: 'The pool as a whole, for group 0 only; nulls where only the storage knows.' }),
});

export const usageResponse = z.object({ items: z.array(poolUsageResponse) });

/** Presents what a group uses of a pool. */
export function poolUsageWire(usage: GroupUsage): z.input<typeof poolUsageResponse> {
  const { pool, boundBy, split, whole } = usage;
  return {
    pool: { id: pool.id, name: pool.name },
    quota_bytes: usage.quota,
    bound_by: boundBy === null ? null : { group: boundBy.group, limit_bytes: boundBy.limit },
    available_bytes: usage.available,
    warning: usage.warning,
    used: {
      total_bytes: usage.used,
      ready_bytes: split.ready,
      uploading_bytes: split.uploading,
      cloning_bytes: split.cloning,
      importing_bytes: split.importing,
      moving_bytes: split.moving,
      trashed_bytes: split.trashed,
    },
    items: usage.items,
    difference_bytes: usage.difference,
    whole: whole === null ? null : { capacity_bytes: whole.capacity, used_bytes: whole.used, free_bytes: whole.free },
  };
}

const entryResponse = z.object({
  id: z.guid(),
  kind: kinds.meta({ description: 'What the bytes are charged for.' }),
  size: z.int(),
  name: z.string(),
  type: z.string(),
  group: z.int(),
  created_at: z.iso.datetime({ precision: 6 }),
  created_by: userResponse.nullable(),
});

export const entriesResponse = z.object({
  items: z.array(entryResponse),
  next_cursor: z.string().nullable(),
  total: z.int().optional(),
  used_bytes: z.int().meta({ description: 'The total of the usage, at the same moment.' }),
});

/** Presents a charge. */
export function entryWire(entry: Charge): z.input<typeof entryResponse> {
  return {
    id: entry.id,
    kind: entry.kind,
    size: entry.size,
    name: entry.name,
    type: entry.type,
    group: entry.group,
    created_at: entry.created,
    created_by: entry.creator,
  };
}

/** Presents the total beside a page of charges. */
export function totalWire({ used }: Charges): { readonly used_bytes: number } {
  return { used_bytes: used };
}
