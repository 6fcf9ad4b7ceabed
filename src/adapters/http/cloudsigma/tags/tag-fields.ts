import { z } from 'zod';
import { meta } from '../common-fields.ts';
import { sentReference } from '../sent-reference.ts';
import { name } from '../wire.ts';

const resources = z.array(sentReference);

/** The body of a create. */
export const tagCreateRequest = z
  .object({ name, meta: meta.nullish(), resources: resources.nullish() })
  .transform(({ name, meta, resources }) => ({ name, meta: meta ?? {}, resources: resources ?? [] }));

/** The body of an update. Absent fields stay. */
export const tagUpdateRequest = z
  .object({ name: name.nullish(), meta: meta.nullish(), resources: resources.nullish() })
  .transform(({ name, meta, resources }) => ({
    name: name ?? undefined,
    meta: meta ?? undefined,
    resources: resources ?? undefined,
  }));
