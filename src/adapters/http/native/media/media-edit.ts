import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ConcealGroups } from '../../../../application/access/conceal-groups.ts';
import type { EditedItem, EditItem } from '../../../../application/drives/edit-item.ts';
import type { ListVisibleJobs } from '../../../../application/jobs/list-visible-jobs.ts';
import { isUuid, type GroupId, type PoolId, type TagId } from '../../../../domain/shared/ids.ts';
import { byteCount } from '../../shared/whole-number.ts';
import { call } from '../call.ts';
import { matching, tagOf } from '../entity-tags.ts';
import { idNumber, nameField, parseBody } from '../input.ts';
import { jobWire } from '../jobs/job-wire.ts';
import { ROOT } from '../operations.ts';
import { mediaIn } from '../path-ids.ts';
import { typeField } from './media-create.ts';
import { mediaDetailWire } from './media-wire.ts';

const MAX_DESCRIPTION = 4096;
const MAX_TAGS = 100;

export const editRequest = z.strictObject({
  name: nameField.optional(),
  type: typeField.optional(),
  description: z
    .string()
    .max(MAX_DESCRIPTION)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be well-formed text without NUL')
    .nullable()
    .optional()
    .meta({ description: 'Null for none.' }),
  tags: z.array(z.string()).max(MAX_TAGS).optional().meta({ description: 'Ids of tags of the caller: all of them.' }),
  read_only: z.boolean().optional(),
  protected: z
    .boolean()
    .optional()
    .meta({ description: 'Whether every API refuses to delete the item, and its group.' }),
  size: byteCount.optional(),
  group: idNumber.optional().meta({ description: 'The group to move the item to.' }),
  pool: idNumber.optional().meta({ description: 'The pool to move the item to, by a job.' }),
});

/** `PATCH /v1/media/{media}` */
export function patchMedia(editItem: EditItem, listJobs: ListVisibleJobs, conceal: ConcealGroups): RequestHandler {
  return call(async ({ caller, request }) => {
    const { tags, read_only: readOnly, group: number, pool, ...fields } = parseBody(editRequest, request);
    const group = number as GroupId | undefined;
    const ids = tags?.map((id) => (isUuid(id) ? (id.toLowerCase() as TagId) : null));
    const verify = matching({ request }, mediaDetailWire);
    const changes = { ...fields, tags: ids, readOnly, group, pool: pool as PoolId | undefined };
    const edit = async (): Promise<EditedItem> => editItem.run(caller, mediaIn(request), changes, verify);
    const { item, job } = group === undefined ? await edit() : await conceal.run(caller, group, edit);
    if (job !== null) {
      const body = jobWire(await listJobs.one(caller, job));
      return { status: 202, body, headers: { Location: `${ROOT}/jobs/${job}` } };
    }
    if (item === null) return { status: 200, body: { id: mediaIn(request) } };
    const body = mediaDetailWire(item);
    return { status: 200, body, headers: { ETag: tagOf(body) } };
  });
}
