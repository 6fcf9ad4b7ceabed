import { z } from 'zod';
import type { MediaId } from '../../../../domain/shared/ids.ts';
import { meta, tags } from '../common-fields.ts';
import { idFrom } from '../sent-reference.ts';
import { byteCount, storableText, name } from '../wire.ts';

const media = z.enum(['cdrom', 'disk']);
const affinities = z.array(storableText);

/** A drive to make. Fields that it does not name are ignored, read-only ones among them. */
export const driveCreateRequest = z
  .object({
    name,
    size: byteCount,
    media,
    meta: meta.default({}),
    allow_multimount: z.boolean().default(false),
    affinities: affinities.default([]),
    storage_type: z.string().nullish(),
    tags: tags.optional(),
  })
  .transform(({ name, size, media, meta, allow_multimount, affinities, storage_type, tags }) => ({
    label: { text: name, meta, shareable: allow_multimount, affinities },
    size,
    optical: media === 'cdrom',
    storageType: storage_type ?? undefined,
    tags,
  }));

const changesRequest = z.object({
  name: name.optional(),
  size: byteCount.optional(),
  media: media.optional(),
  meta: meta.optional(),
  allow_multimount: z.boolean().optional(),
  affinities: affinities.optional(),
  tags: tags.optional(),
});

/** What of a drive is to be changed: clients send back all that they got. */
export const driveUpdateRequest = changesRequest.transform(toChanges);

/** What `do=resize` asks for: changes, and a size among them. */
export const driveResizeRequest = changesRequest.required({ size: true }).transform(toChanges);

function toChanges({ name, size, media, meta, allow_multimount, affinities, tags }: z.output<typeof changesRequest>) {
  // The Go SDK leaves empty lists out, so that a full definition without tags takes them off.
  const isFullDefinition = name !== undefined && media !== undefined && size !== undefined;
  return {
    text: name,
    size,
    optical: media === undefined ? undefined : media === 'cdrom',
    meta,
    shareable: allow_multimount,
    affinities,
    tags: tags ?? (isFullDefinition ? [] : undefined),
  };
}

/** A drive that a list of drives names. */
export const driveReferenceRequest = z.object({ uuid: z.string() }).transform(({ uuid }) => driveId(uuid));

/** A string that is no UUID is an unknown one: it becomes null. */
export function driveId(text: unknown): MediaId | null {
  return idFrom(text) as MediaId | null;
}
