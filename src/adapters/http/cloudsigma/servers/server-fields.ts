import { z } from 'zod';
import type { MediaId } from '../../../../domain/shared/ids.ts';
import { byteCount, wholeNumber } from '../../shared/whole-number.ts';
import { meta, tags } from '../common-fields.ts';
import { idFrom, sentReference } from '../sent-reference.ts';
import { recordOf } from '../../shared/record-of.ts';
import { storableText, name, reference } from '../wire.ts';
import { bootOrder, nicRequest } from './nic-fields.ts';

const attachmentRequest = z
  .object({
    drive: sentReference,
    device: z.enum(['ide', 'virtio']),
    dev_channel: z.string().regex(/^[0-9]{1,3}:[0-9]{1,3}$/, 'must be a controller and a unit, such as 0:1'),
    boot_order: bootOrder.nullish(),
  })
  .transform(({ drive, device, dev_channel, boot_order }) => {
    const [controller = 0, unit = 0] = dev_channel.split(':').map(Number);
    return { media: idFrom(drive) as MediaId | null, device, controller, unit, bootOrder: boot_order ?? null };
  });

/** Fields that are stored and returned without effect, each with its default. */
const ECHOED = {
  context: [z.boolean(), true],
  cpu_model: [storableText, null],
  cpu_type: [storableText, 'amd'],
  cpus_instead_of_cores: [z.boolean(), false],
  enable_numa: [z.boolean(), false],
  hv_relaxed: [z.boolean(), false],
  hv_tsc: [z.boolean(), false],
  hypervisor: [storableText, 'kvm'],
  nics: [z.array(nicRequest), []],
  pubkeys: [z.array(sentReference.transform((uuid) => reference('keypairs', uuid))), []],
  requirements: [z.array(storableText), []],
  smp: [wholeNumber, 1],
} as const satisfies Record<string, readonly [z.ZodType, unknown]>;

/** The same, but returned only when they were sent. */
const ECHOED_IF_SENT = {
  allocation_pool: storableText,
  auto_start: z.boolean(),
  epcs: z.array(recordOf(storableText, z.union([storableText, z.number(), z.boolean(), z.null()]))),
  gpus: z.array(recordOf(storableText, z.union([storableText, z.number(), z.boolean(), z.null()]))),
} as const satisfies Record<string, z.ZodType>;

const echoedFields = Object.fromEntries(
  [...Object.entries(ECHOED).map(([field, [type]]) => [field, type] as const), ...Object.entries(ECHOED_IF_SENT)].map(
    ([field, type]) => [field, type.nullish()],
  ),
);
const NEUTRAL = Object.fromEntries(Object.entries(ECHOED).map(([field, [, neutral]]) => [field, neutral]));

const password = storableText.max(255, 'has at most 255 characters');

/** The body of a create. Ignores other fields, such as read-only ones. */
export const serverCreateRequest = z
  .object({
    name,
    cpu: wholeNumber,
    mem: byteCount,
    vnc_password: password,
    meta: meta.nullish(),
    drives: z.array(attachmentRequest).nullish(),
    tags: tags.nullish(),
    ...echoedFields,
  })
  .transform(({ name, cpu, mem, vnc_password, meta, drives, tags, ...rest }) => ({
    name,
    cpu,
    memory: mem,
    screenPassword: vnc_password,
    meta: meta ?? {},
    attachments: drives ?? [],
    tags: tags ?? [],
    otherFields: { ...NEUTRAL, ...sentFields(rest) },
  }));

/**
 * The body of an update. Absent fields stay, also `drives` and `meta` (docs/servers.md#servers).
 */
export const serverUpdateRequest = z
  .object({
    name: name.nullish(),
    cpu: wholeNumber.nullish(),
    mem: byteCount.nullish(),
    vnc_password: password.nullish(),
    meta: meta.nullish(),
    drives: z.array(attachmentRequest).nullish(),
    tags: tags.nullish(),
    ...echoedFields,
  })
  .transform(({ name, cpu, mem, vnc_password, meta, drives, tags, ...rest }) => ({
    name: name ?? undefined,
    cpu: cpu ?? undefined,
    memory: mem ?? undefined,
    screenPassword: vnc_password ?? undefined,
    meta: meta ?? undefined,
    attachments: drives ?? undefined,
    // The Go SDK omits empty lists, so a full update without tags removes the tags.
    tags: tags ?? ([name, cpu, mem, vnc_password].every((field) => field != null) ? [] : undefined),
    otherFields: sentFields(rest),
  }));

/** Returns the fields that were sent. Null counts only when it is the default of the field. */
function sentFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).filter(([field, value]) => value != null || (value === null && NEUTRAL[field] === null)),
  );
}
