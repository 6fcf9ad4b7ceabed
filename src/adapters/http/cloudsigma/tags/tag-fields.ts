import { z } from 'zod';
import { meta } from '../common-fields.ts';
import { sentReference } from '../sent-reference.ts';
import { name } from '../wire.ts';

const resources = z.array(sentReference);

/** A tag to make. */
export const tagCreateRequest = z
  .object({ name, meta: meta.nullish(), resources: resources.nullish() })
  .transform(({ name, meta, resources }) => ({ name, meta: meta ?? {}, resources: resources ?? [] }));

/** What of a tag is to be changed: what is absent stays. */
export const tagUpdateRequest = z
  .object({ name: name.nullish(), meta: meta.nullish(), resources: resources.nullish() })
  .transform(({ name, meta, resources }) => ({
    name: name ?? undefined,
    meta: meta ?? undefined,
    resources: resources ?? undefined,
  }));
