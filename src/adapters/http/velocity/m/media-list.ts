import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ListMedia } from '../../../../application/media/list-media.ts';
import type { ListedMedia } from '../../../../domain/media/media.ts';
import { call, type CallerOf } from '../call.ts';
import { wholeOrStreamed } from '../../shared/streamed-list.ts';
import { gid, numberResponse } from '../wire.ts';

export const mediaListRequest = z.object({ gid });

const mediaItemResponse = z
  .object({
    mid: z.uuid(),
    mpid: numberResponse,
    name: z.string(),
    type: z.string(),
    size: numberResponse.meta({ description: 'In bytes.' }),
    readonly: z.boolean(),
    in_use: z.boolean().meta({ description: 'Whether the item is attached to a server.' }),
    sha256: z.string().nullable().meta({ description: 'In hexadecimal; null when unknown.' }),
    format: z.string().meta({ description: 'The detected format, such as `iso`; `raw` for any other.' }),
    virtual_size: numberResponse.meta({ description: 'The size of the disk that a guest sees, in bytes.' }),
    label: z.string().nullable().meta({ description: 'The volume label.' }),
    encrypted: z.boolean().meta({ description: 'Whether a key is needed to read the content.' }),
  })
  .meta({ id: 'Media', description: 'A media item.' });

export const mediaListResponse = z.object({ media: z.array(mediaItemResponse) });

/**
 * `POST /m/media/list`. `in_use`, `sha256`, `format`, `virtual_size`, `label` and `encrypted` go
 * beyond the contract.
 */
export function postMediaList(callerOf: CallerOf, listMedia: ListMedia): RequestHandler {
  return call(callerOf, mediaListRequest, async ({ gid }, { caller }) => {
    return wholeOrStreamed({}, 'media', await listMedia.run(caller, gid), wireMedia);
  });
}

function wireMedia({
  id,
  pool,
  name,
  type,
  size,
  readOnly,
  inUse,
  sha256,
  facts,
}: ListedMedia): z.input<typeof mediaItemResponse> {
  return {
    mid: id,
    mpid: pool,
    name,
    type,
    size,
    readonly: readOnly,
    in_use: inUse,
    sha256,
    format: facts.format,
    virtual_size: facts.virtualSize,
    label: facts.label,
    encrypted: facts.encrypted,
  };
}
