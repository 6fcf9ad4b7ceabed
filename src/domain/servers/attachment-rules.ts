import type { Permission } from '../access/permission.ts';
import type { MediaId, ServerId } from '../shared/ids.ts';
import type { Attachment, Device } from './server.ts';

/** The permission on the group of an item that makes the item visible. */
export const LISTING_PERMISSION: Permission = 'velocity.media.list';

/**
 * The permissions of which a user needs one, besides, to attach an item: an attached item cannot be
 * deleted by others, so visibility alone is not enough.
 */
export const HOLDING_PERMISSIONS: readonly Permission[] = ['velocity.media.create', 'velocity.vm.alter'];

/**
 * The highest controller and unit of each device (docs/servers.md#servers). Virtio has as many
 * controllers as a bus has slots.
 */
const LAST_SLOT: Readonly<Record<Device, { readonly controller: number; readonly unit: number }>> = {
  ide: { controller: 1, unit: 1 },
  virtio: { controller: 31, unit: 5 },
};

type Slot = Pick<Attachment, 'device' | 'controller' | 'unit'>;

/**
 * Returns what is wrong with the slots of the attachments of one server, in words: slots that do
 * not exist, and slots that are used twice.
 */
export function slotFaults(slots: readonly Slot[]): readonly string[] {
  const missing = slots.filter(({ device, controller, unit }) => {
    const last = LAST_SLOT[device];
    return controller > last.controller || unit > last.unit;
  });
  const repeated = slots.filter((slot, at) => slots.findIndex((other) => isSameSlot(slot, other)) < at);
  return [
    ...missing.map(
      (slot) =>
        `${nameOf(slot)} is not there: the last is ${LAST_SLOT[slot.device].controller}:${LAST_SLOT[slot.device].unit}`,
    ),
    ...repeated.map((slot) => `${nameOf(slot)} is used twice`),
  ];
}

function isSameSlot(one: Slot, other: Slot): boolean {
  return one.device === other.device && one.controller === other.controller && one.unit === other.unit;
}

function nameOf({ device, controller, unit }: Slot): string {
  return `channel ${controller}:${unit} of ${device}`;
}

/** A media item to be attached. */
export interface Candidate {
  /** Whether it is a library drive. */
  readonly isPublished: boolean;
  readonly optical: boolean;
  /** Whether it may be attached to several servers at once. */
  readonly shareable: boolean;
}

export type AttachmentError = 'library-disk' | 'attached-elsewhere' | 'attached-twice';

/**
 * Returns why an item cannot be attached `times` times to a server while `others` have it, or null.
 * Any server may have optical library drives, any number of times, but no server a disk of the
 * library: it has to be cloned (docs/servers.md#servers).
 */
export function attachmentError(
  { isPublished, optical, shareable }: Candidate,
  times: number,
  others: readonly ServerId[],
): AttachmentError | null {
  if (isPublished) return optical ? null : 'library-disk';
  if (shareable) return null;
  if (others.length > 0) return 'attached-elsewhere';
  return times > 1 ? 'attached-twice' : null;
}

/** Returns how often each item is attached. */
export function timesAttached(attachments: readonly Pick<Attachment, 'media'>[]): ReadonlyMap<MediaId, number> {
  const times = new Map<MediaId, number>();
  for (const { media } of attachments) times.set(media, (times.get(media) ?? 0) + 1);
  return times;
}
