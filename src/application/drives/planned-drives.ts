import type { Caller } from '../../domain/access/caller.ts';
import { fileNameFor, kindOf, type Label } from '../../domain/media/label.ts';
import type { Placement } from '../../domain/pools/placement.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import type { MediaId, TagId } from '../../domain/shared/ids.ts';
import type { MediaOrder } from '../media/admit.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { setTags } from '../tags/set-tags.ts';
import { choosePlacement } from './choose-placement.ts';

/** A drive to create. */
export interface DriveOrder {
  readonly label: Label;
  readonly size: Bytes;
  readonly optical: boolean;
  readonly storageType?: string | undefined;
  /** Tags of the caller; null for a string that cannot be a tag id. */
  readonly tags?: readonly (TagId | null)[] | undefined;
}

/** A drive that has an id and a place. */
export interface PlannedDrive {
  readonly id: MediaId;
  readonly placement: Placement;
  readonly order: DriveOrder;
}

/** Admits one item of a drive. */
export type AdmitDrive = (item: MediaOrder & { readonly id: MediaId }) => Promise<unknown>;

const MAX_ATTEMPTS = 3;

/** Chooses where drives go. @throws DomainError as `choosePlacement` */
export async function planDrives(
  tx: Transaction,
  { caller, pools, newId }: { readonly caller: Caller; readonly pools: Pools; readonly newId: () => MediaId },
  orders: readonly DriveOrder[],
): Promise<readonly PlannedDrive[]> {
  const planned: PlannedDrive[] = [];
  for (const order of orders) {
    const placement = await choosePlacement(tx, pools, caller, { storageType: order.storageType });
    planned.push({ id: newId(), placement, order });
  }
  return planned;
}

/** Admits drives and stores their labels and tags, in the lock order of all transactions. */
export async function admitDrives(
  tx: Transaction,
  caller: Caller,
  planned: readonly PlannedDrive[],
  admit: AdmitDrive,
): Promise<void> {
  await tx.definitions.lock(caller.uuid);
  for (const { id, placement, order } of planned.toSorted((one, other) => one.placement.pool - other.placement.pool)) {
    const taken = await tx.labels.namesTaken(placement.pool, [order.label.text]);
    const name = fileNameFor(order.label.text, id, (candidate) => taken.has(candidate));
    await admit({ ...placement, ...kindOf(order.optical), id, name, size: order.size });
    await tx.labels.store(id, order.label, caller.uuid);
    if (order.tags !== undefined) await setTags(tx, caller, order.tags, { kind: 'media', id });
  }
  await tx.definitions.requireRoom(caller.uuid);
}

/** Tries again if another caller took a name between its choice and its use. */
export async function withFreeNames<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isFailure(error, 'media-name-taken') || tries === MAX_ATTEMPTS) throw error;
    }
  }
}
