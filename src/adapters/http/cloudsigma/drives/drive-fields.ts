import { z } from 'zod';
import type { MediaId } from '../../../../domain/shared/ids.ts';
import { byteCount } from '../../shared/whole-number.ts';
import { meta, tags } from '../common-fields.ts';
import { idFrom } from '../sent-reference.ts';
import { storableText, name } from '../wire.ts';

const media = z.enum(['cdrom', 'disk']);
const affinities = z.array(storableText);

/** The body of a create. Ignores other fields, such as read-only ones. */
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

/** The body of an update. Clients send back all fields that they received. */
export const driveUpdateRequest = changesRequest.transform(toChanges);

/** The body of a resize: an update with a size. */
export const driveResizeRequest = changesRequest.required({ size: true }).transform(toChanges);

function toChanges({ name, size, media, meta, allow_multimount, affinities, tags }: z.output<typeof changesRequest>) {
  // The Go SDK omits empty lists, so a full update without tags removes the tags.
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

/** A drive in the body of a deletion. */
export const driveReferenceRequest = z.object({ uuid: z.string() }).transform(({ uuid }) => driveId(uuid));

/** Returns the id in a text; null when the text is not a UUID. */
export function driveId(text: unknown): MediaId | null {
  return idFrom(text) as MediaId | null;
}
