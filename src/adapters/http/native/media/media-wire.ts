import { z } from 'zod';
import type { ItemDetails, ListedItem } from '../../../../domain/media/media-listing.ts';
import { userResponse } from '../users/user-wire.ts';

const PLAIN = {
  id: z.guid(),
  name: z.string(),
  group: z.int(),
  pool: z.int(),
  type: z.string(),
  size: z.int().meta({ description: 'In bytes, as charged.' }),
  stored_bytes: z.int().nullable().meta({ description: 'Null until the bytes have arrived.' }),
  read_only: z.boolean(),
  protected: z.boolean(),
  state: z.enum(['creating', 'uploading', 'cloning', 'resizing', 'ready']),
  format: z.string().nullable(),
  virtual_size: z.int().nullable().meta({ description: 'The bytes that a guest sees.' }),
  volume_label: z.string().nullable(),
  encrypted: z.boolean().nullable(),
  sha256: z.string().nullable().meta({ description: 'Of all bytes; null if it is not known.' }),
  in_use: z.boolean().meta({ description: 'Whether a server has it attached.' }),
  created_at: z.iso.datetime({ precision: 6 }),
  created_by: userResponse.nullable().meta({ description: 'Null if that user was removed.' }),
};

/** An item in a list. */
export const mediaResponse = z.object(PLAIN);

const named = z.object({ id: z.guid(), name: z.string() });

const originResponse = z.object({
  kind: z.enum(['upload', 'create', 'clone', 'import', 'library']).nullable().meta({
    description: 'How the item came into being; null for items from an older version.',
  }),
  media: z.guid().nullable().meta({ description: 'The item that was cloned; it may not exist any more.' }),
  url: z.string().nullable().meta({ description: 'The URL that was imported; its query reads `?…`.' }),
  checksum: z.string().nullable().meta({
    description: 'What the imported bytes were verified by, such as `sha256:…`; null for nothing.',
  }),
  by: userResponse.nullable(),
  at: z.iso.datetime({ precision: 6 }),
  through: z.string().nullable().meta({ description: 'The API: `velocity`, `cloudsigma`, `native` or `tus`.' }),
});

/** An item with all facts. */
export const mediaDetailResponse = z.object({
  ...PLAIN,
  description: z.string().nullable(),
  tags: z.array(named).meta({ description: 'Those of the caller.' }),
  origin: originResponse,
  used_by: z.object({
    servers: z.array(named).meta({ description: 'Servers of the caller, at most 100.' }),
    count: z.int().meta({ description: 'The servers of all users.' }),
  }),
  clones: z.array(z.guid()).meta({ description: 'Clones that the caller sees, oldest first, at most 100.' }),
  verified_at: z.iso.datetime({ precision: 6 }).nullable().meta({
    description: 'When a scrub last found the bytes intact.',
  }),
  damaged: z.boolean().meta({ description: 'Whether the last scrub found other bytes than had arrived.' }),
});

/** Presents an item in a list. */
export function mediaWire(item: ListedItem): z.input<typeof mediaResponse> {
  return {
    id: item.id,
    name: item.name,
    group: item.group,
    pool: item.pool,
    type: item.type,
    size: item.size,
    stored_bytes: item.storedBytes,
    read_only: item.readOnly,
    protected: item.protected,
    state: item.state as z.input<typeof mediaResponse>['state'],
    format: item.facts?.format ?? null,
    virtual_size: item.facts?.virtualSize ?? null,
    volume_label: item.facts?.label ?? null,
    encrypted: item.facts?.encrypted ?? null,
    sha256: item.sha256,
    in_use: item.inUse,
    created_at: item.created,
    created_by: item.creator,
  };
}

/** Presents an item with all facts. */
export function mediaDetailWire(item: ItemDetails): z.input<typeof mediaDetailResponse> {
  const { provenance } = item;
  return {
    ...mediaWire(item),
    description: item.description,
    tags: [...item.tags],
    origin: {
      kind: provenance?.kind ?? null,
      media: provenance?.source ?? null,
      url: provenance?.url ?? null,
      checksum: provenance?.checksum ?? null,
      by: item.creator,
      at: item.created,
      through: provenance?.channel ?? null,
    },
    used_by: { servers: [...item.servers], count: item.serverCount },
    clones: [...item.clones],
    verified_at: item.verified,
    damaged: item.damaged,
  };
}
