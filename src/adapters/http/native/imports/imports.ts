import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ConcealGroups } from '../../../../application/access/conceal-groups.ts';
import type { IdempotentRequests } from '../../../../application/idempotency/idempotent-requests.ts';
import type { CreateImport, ImportOrder } from '../../../../application/imports/create-import.ts';
import type { VisibleJob } from '../../../../application/media/visible-job.ts';
import type { GroupId, PoolId } from '../../../../domain/shared/ids.ts';
import { byteCount } from '../../shared/whole-number.ts';
import { idNumber, nameField, parseBody } from '../input.ts';
import { jobWire } from '../jobs/job-wire.ts';
import { keyedCall } from '../keyed-call.ts';
import { typeField } from '../media/media-create.ts';
import { ROOT } from '../operations.ts';

const checksumField = z
  .string()
  .regex(/^(?:sha256:[0-9a-fA-F]{64}|sha512:[0-9a-fA-F]{128})$/, 'must be sha256: or sha512: and the digest in hex')
  .meta({ description: '`sha256:` or `sha512:` and the digest in hex.' });

const urlField = z.string().meta({ maxLength: 8192, description: 'An http or https URL without credentials.' });

export const importRequest = z
  .strictObject({
    url: urlField,
    name: nameField.optional().meta({ description: 'By default the file name of the URL.' }),
    group: idNumber,
    pool: idNumber.optional().meta({ description: 'By default the default pool.' }),
    type: typeField.optional().meta({ description: 'By default ISO or DISK, by the bytes.' }),
    read_only: z.boolean().optional().meta({ description: 'By default true for an ISO.' }),
    checksum: checksumField.optional(),
    checksum_url: urlField.optional().meta({
      description: 'A file of checksums in which the file name of the URL is looked up.',
    }),
    size: byteCount.optional().meta({
      description: 'The largest size; required where the source does not tell its length.',
    }),
  })
  .refine(({ checksum, checksum_url: url }) => checksum === undefined || url === undefined, {
    path: ['checksum_url'],
    message: 'must be absent where there is a checksum',
  });

/** `POST /v1/imports` */
export function postImport(
  requests: IdempotentRequests,
  createImport: CreateImport,
  conceal: ConcealGroups,
): RequestHandler {
  return keyedCall<VisibleJob>(
    requests,
    async ({ caller, request }, keep) => {
      const order = orderFrom(parseBody(importRequest, request));
      return conceal.run(caller, order.group, async () => createImport.run(caller, order, keep));
    },
    (job) => ({ status: 202, headers: { Location: `${ROOT}/jobs/${job.id}` }, body: jobWire(job) }),
  );
}

function orderFrom(wire: z.output<typeof importRequest>): ImportOrder {
  return {
    url: wire.url,
    name: wire.name ?? null,
    group: wire.group as GroupId,
    pool: (wire.pool as PoolId | undefined) ?? null,
    type: wire.type ?? null,
    readOnly: wire.read_only ?? null,
    checksum: wire.checksum ?? null,
    checksumUrl: wire.checksum_url ?? null,
    maxBytes: wire.size ?? null,
  };
}
