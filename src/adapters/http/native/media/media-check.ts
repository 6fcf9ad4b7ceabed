import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { CheckOrder, Verdict, Verdicts } from '../../../../application/media/check-order.ts';
import type { GroupId, PoolId } from '../../../../domain/shared/ids.ts';
import { byteCount } from '../../shared/whole-number.ts';
import { call } from '../call.ts';
import { digestField, idNumber, parseBody } from '../input.ts';
import { mediaResponse, mediaWire } from './media-wire.ts';

const MAX_HEAD_BYTES = 64 * 1024;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const HEAD = `must be Base64 of at most ${MAX_HEAD_BYTES} bytes`;

export const checkRequest = z.strictObject({
  name: z.string().meta({ description: 'The name that the item is to have.' }),
  group: idNumber,
  pool: idNumber,
  type: z.string(),
  size: byteCount,
  sha256: digestField.optional(),
  head: z
    .string()
    .regex(BASE64, HEAD)
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((bytes) => bytes.length <= MAX_HEAD_BYTES, HEAD)
    .optional()
    .meta({ description: `The first bytes of the image, in Base64: ${MAX_HEAD_BYTES}, or all of a smaller one.` }),
});

const verdict = {
  ok: z.boolean(),
  code: z.string().nullable().meta({ description: 'The code of the problem that storing it would meet.' }),
};

export const checkResponse = z.object({
  ok: z.boolean().meta({ description: 'Whether all verdicts are good.' }),
  name: z.object(verdict),
  permission: z.object(verdict),
  quota: z.object({
    ...verdict,
    needed_bytes: z.int(),
    available_bytes: z.int().nullable().meta({ description: 'Null without any limit.' }),
    bound_by: z.int().nullable().meta({ description: 'The group of the nearest limit; null for the pool, or none.' }),
  }),
  pool: z.object({ ...verdict, free_bytes: z.int().nullable() }),
  format: z
    .object({
      ...verdict,
      format: z.string().nullable(),
      virtual_size: z.int().nullable(),
      volume_label: z.string().nullable(),
    })
    .nullable()
    .meta({ description: 'As far as the head shows; null without one.' }),
  already_here: z.array(mediaResponse).meta({ description: 'Items with the same bytes that the caller may read.' }),
});

/** `POST /v1/media/check` */
export function postCheck(checkOrder: CheckOrder): RequestHandler {
  return call(async ({ caller, request }) => {
    const { group, pool, sha256, head, ...order } = parseBody(checkRequest, request);
    const verdicts = await checkOrder.run(caller, {
      ...order,
      group: group as GroupId,
      pool: pool as PoolId,
      sha256: sha256 ?? null,
      head: head ?? null,
    });
    return { status: 200, body: verdictsWire(verdicts) };
  });
}

function verdictsWire({ name, permission, quota, pool, format, alreadyHere }: Verdicts): z.input<typeof checkResponse> {
  return {
    ok: [name, permission, quota, pool, format].every((one) => one === null || one.failure === null),
    name: verdictWire(name),
    permission: verdictWire(permission),
    quota: {
      ...verdictWire(quota),
      needed_bytes: quota.needed,
      available_bytes: quota.available,
      bound_by: quota.boundBy,
    },
    pool: { ...verdictWire(pool), free_bytes: pool.free },
    format:
      format === null
        ? null
        : {
            ...verdictWire(format),
            format: format.facts?.format ?? null,
            virtual_size: format.facts?.virtualSize ?? null,
            volume_label: format.facts?.label ?? null,
          },
    already_here: alreadyHere.map(mediaWire),
  };
}

function verdictWire({ failure }: Verdict): { readonly ok: boolean; readonly code: string | null } {
  return { ok: failure === null, code: failure };
}
