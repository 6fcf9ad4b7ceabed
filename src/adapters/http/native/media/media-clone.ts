import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ConcealGroups } from '../../../../application/access/conceal-groups.ts';
import type { IdempotentRequests } from '../../../../application/idempotency/idempotent-requests.ts';
import type { VisibleJob } from '../../../../application/media/visible-job.ts';
import type { CloneItem } from '../../../../application/drives/clone-item.ts';
import type { GroupId, PoolId } from '../../../../domain/shared/ids.ts';
import { byteCount } from '../../shared/whole-number.ts';
import { idNumber, nameField, parseBody } from '../input.ts';
import { jobWire } from '../jobs/job-wire.ts';
import { keyedCall } from '../keyed-call.ts';
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
  readonly idempotentRequests: IdempotentRequests;
  readonly cloneItem: CloneItem;
  readonly concealGroups: ConcealGroups;
}

/** `POST /v1/media/{media}/clone` and `POST /v1/library/{media}/clone` */
export function postClone(
  { idempotentRequests, cloneItem, concealGroups }: CloneUseCases,
  from: 'items' | 'library',
): RequestHandler {
  return keyedCall<VisibleJob>(
    idempotentRequests,
    async ({ caller, request }, keep) => {
      const { group, pool, ...order } = parseBody(cloneRequest, request);
      const placement = { group: group as GroupId | undefined, pool: pool as PoolId | undefined };
      const media = mediaIn(request);
      const clone = async (): Promise<VisibleJob> =>
        cloneItem.run(caller, media, { ...order, ...placement }, { from, keep });
      const { group: target } = placement;
      return target === undefined ? clone() : concealGroups.run(caller, target, clone);
    },
    (job) => ({ status: 202, headers: { Location: `${ROOT}/jobs/${job.id}` }, body: jobWire(job) }),
  );
}
