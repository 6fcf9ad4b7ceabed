import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ConcealGroups } from '../../../../application/access/conceal-groups.ts';
import type { CreateImport } from '../../../../application/imports/create-import.ts';
import type { ListVisibleJobs } from '../../../../application/jobs/list-visible-jobs.ts';
import type { GroupId, PoolId } from '../../../../domain/shared/ids.ts';
import { byteCount } from '../../shared/whole-number.ts';
import { call } from '../call.ts';
import { idNumber, nameField, parseBody } from '../input.ts';
import { jobWire } from '../jobs/job-wire.ts';
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
  createImport: CreateImport,
  listJobs: ListVisibleJobs,
  conceal: ConcealGroups,
): RequestHandler {
  return call(async ({ caller, request }) => {
    const order = parseBody(importRequest, request);
    const group = order.group as GroupId;
    const job = await conceal.run(caller, group, async () =>
      createImport.run(caller, {
        url: order.url,
        name: order.name ?? null,
        group,
        pool: (order.pool as PoolId | undefined) ?? null,
        type: order.type ?? null,
        readOnly: order.read_only ?? null,
        checksum: order.checksum ?? null,
        checksumUrl: order.checksum_url ?? null,
        maxBytes: order.size ?? null,
      }),
    );
    const body = jobWire(await listJobs.one(caller, job));
    return { status: 202, body, headers: { Location: `${ROOT}/jobs/${job}` } };
  });
}
