import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ConcealGroups } from '../../../../application/access/conceal-groups.ts';
import type { ListVisibleJobs } from '../../../../application/jobs/list-visible-jobs.ts';
import type { CloneItem } from '../../../../application/drives/clone-item.ts';
import type { GroupId, JobId, PoolId } from '../../../../domain/shared/ids.ts';
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

interface CloneUseCases {
  readonly cloneItem: CloneItem;
  readonly listJobs: ListVisibleJobs;
  readonly concealGroups: ConcealGroups;
}

/** `POST /v1/media/{media}/clone` and `POST /v1/library/{media}/clone` */
export function postClone(
  { cloneItem, listJobs, concealGroups }: CloneUseCases,
  from: 'items' | 'library',
): RequestHandler {
  return call(async ({ caller, request }) => {
    const { group, pool, ...order } = parseBody(cloneRequest, request);
    const placement = { group: group as GroupId | undefined, pool: pool as PoolId | undefined };
    const media = mediaIn(request);
    const clone = async (): Promise<JobId> => cloneItem.run(caller, media, { ...order, ...placement }, from);
    const { group: target } = placement;
    const job = await (target === undefined ? clone() : concealGroups.run(caller, target, clone));
    const body = jobWire(await listJobs.one(caller, job));
    return { status: 202, body, headers: { Location: `${ROOT}/jobs/${job}` } };
  });
}
