import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ListVisibleJobs } from '../../../../application/jobs/list-visible-jobs.ts';
import type { CloneItem } from '../../../../application/drives/clone-item.ts';
import type { GroupId, PoolId } from '../../../../domain/shared/ids.ts';
import { byteCount } from '../../shared/whole-number.ts';
import { call } from '../call.ts';
import { idNumber, nameField, parseBody } from '../input.ts';
import { jobWire } from '../jobs/job-wire.ts';
import { ROOT } from '../operations.ts';
import { mediaIn } from '../path-ids.ts';
import { typeField } from './media-create.ts';

export const cloneRequest = z.strictObject({
  name: nameField,
  group: idNumber.optional(),
  pool: idNumber.optional(),
  type: typeField.optional(),
  size: byteCount.optional(),
});

/** `POST /v1/media/{media}/clone` and `POST /v1/library/{media}/clone` */
export function postClone(cloneItem: CloneItem, listJobs: ListVisibleJobs, from: 'items' | 'library'): RequestHandler {
  return call(async ({ caller, request }) => {
    const { group, pool, ...order } = parseBody(cloneRequest, request);
    const placement = { group: group as GroupId | undefined, pool: pool as PoolId | undefined };
    const job = await cloneItem.run(caller, mediaIn(request), { ...order, ...placement }, from);
    const body = jobWire(await listJobs.one(caller, job));
    return { status: 202, body, headers: { Location: `${ROOT}/jobs/${job}` } };
  });
}
