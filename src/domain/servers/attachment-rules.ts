import type { Permission } from '../access/permission.ts';
import type { MediaId, ServerId } from '../shared/ids.ts';
import type { Attachment, Device } from './server.ts';

/** What a user needs on the group of a media item to see it. */
export const LISTING_PERMISSION: Permission = 'velocity.media.list';

/**
 * What a user needs besides, one of them, to have an item attached: an attached item cannot be
 * deleted by others, which is not for users who may only look.
 */
export const HOLDING_PERMISSIONS: readonly Permission[] = ['velocity.media.create', 'velocity.vm.alter'];

/**
 * The highest controller and unit of each device (docs/servers.md#servers; the controllers of
 * virtio are as many as a bus has slots).
 */
const LAST_SLOT: Readonly<Record<Device, { readonly controller: number; readonly unit: number }>> = {
  ide: { controller: 1, unit: 1 },
  virtio: { controller: 31, unit: 5 },
};

type Slot = Pick<Attachment, 'device' | 'controller' | 'unit'>;

/**
 * What is wrong with the places that media are to have on one server, in words: places that there
 * are not, and places that two want.
 */
export function slotFaults(slots: readonly Slot[]): readonly string[] {
  const missing = slots.filter(({ device, controller, unit }) => {
    const last = LAST_SLOT[device];
    return controller > last.controller || unit > last.unit;
  });
  const taken = slots.filter((slot, at) => slots.findIndex((other) => isSameSlot(slot, other)) < at);
  return [
    ...missing.map(
      (slot) =>
        `${nameOf(slot)} is not there: the last is ${LAST_SLOT[slot.device].controller}:${LAST_SLOT[slot.device].unit}`,
    ),
    ...taken.map((slot) => `${nameOf(slot)} is used twice`),
  ];
}

function isSameSlot(one: Slot, other: Slot): boolean {
  return one.device === other.device && one.controller === other.controller && one.unit === other.unit;
}

function nameOf({ device, controller, unit }: Slot): string {
  return `channel ${controller}:${unit} of ${device}`;
}

/** Media that somebody wants to attach. */
export interface Candidate {
  /** Whether the operator publishes them. */
  readonly isPublished: boolean;
  readonly optical: boolean;
  /** Whether several servers may have them at once. */
  readonly shareable: boolean;
}

export type AttachmentError = 'library-disk' | 'attached-elsewhere' | 'attached-twice';

/**
 * Why these media can't be attached `times` times to one server while `others` have them; null if
 * they can. What is published is for everybody: optical media as often as anybody likes, disks
 * never, since whoever writes to a disk needs one of their own (docs/servers.md#servers).
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

/** How often each of these media is attached. */
export function timesAttached(attachments: readonly Pick<Attachment, 'media'>[]): ReadonlyMap<MediaId, number> {
  const times = new Map<MediaId, number>();
  for (const { media } of attachments) times.set(media, (times.get(media) ?? 0) + 1);
  return times;
}
