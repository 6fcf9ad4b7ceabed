import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { AbortUpload } from '../../../../application/uploads/abort-upload.ts';
import type { ListUploads } from '../../../../application/uploads/list-uploads.ts';
import type { ListedUpload } from '../../../../domain/uploads/upload-listing.ts';
import type { UploadId } from '../../../../domain/uploads/upload.ts';
import { call, NO_CONTENT } from '../call.ts';
import { callerOfChange } from '../dry-run.ts';
import { parseQuery } from '../input.ts';
import { keysetTerms, listed, listFields, type ListOrders } from '../list.ts';
import { uuidIn } from '../path-ids.ts';
import { userResponse } from '../users/user-wire.ts';

const ORDERS: ListOrders<'created'> = { sorts: { created: 'time' }, id: 'uuid', defaultSort: 'created' };

export const uploadsQuery = z.strictObject(listFields(ORDERS));

const moment = z.iso.datetime({ precision: 6 });

export const uploadResponse = z.object({
  id: z.guid().meta({ description: 'Also the id of its media item. It continues at `/uploads/{id}`.' }),
  name: z.string(),
  group: z.int(),
  pool: z.int(),
  size: z.int().meta({ description: 'Of the whole upload, in bytes.' }),
  offset: z.int().meta({ description: 'How many bytes are durable.' }),
  state: z.enum(['open', 'verifying']),
  created_at: moment,
  last_activity_at: moment.meta({ description: 'When bytes last became durable.' }),
  expires_at: moment.meta({ description: 'When it ends unless bytes arrive.' }),
  created_by: userResponse.nullable(),
});

/** `GET /v1/uploads` */
export function getUploads(listUploads: ListUploads): RequestHandler {
  return call(async ({ caller, request }) => {
    const query = parseQuery(uploadsQuery, request);
    return listed({ request }, query, await listUploads.run(caller, keysetTerms(ORDERS, query)), uploadWire);
  });
}

/** `DELETE /v1/uploads/{upload}` */
export function deleteUpload(abortUpload: AbortUpload): RequestHandler {
  return call(async ({ caller, request }) => {
    await abortUpload.run(callerOfChange({ caller, request }), uuidIn(request, 'upload') as UploadId | null);
    return NO_CONTENT;
  });
}

function uploadWire(upload: ListedUpload): z.input<typeof uploadResponse> {
  return {
    id: upload.id,
    name: upload.name,
    group: upload.group,
    pool: upload.pool,
    size: upload.length,
    offset: upload.offset,
    state: upload.state,
    created_at: upload.created,
    last_activity_at: upload.lastActive,
    expires_at: upload.expires,
    created_by: upload.creator,
  };
}
