import type { Caller } from '../../domain/access/caller.ts';
import { fileNameFor, kindOf, type Label } from '../../domain/media/label.ts';
import type { Placement } from '../../domain/pools/placement.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import type { MediaId, TagId } from '../../domain/shared/ids.ts';
import type { AdmissionFailure } from '../media/admit.ts';
import type { Admission, Ingest, IngestFailure } from '../media/ingest.ts';
import { zeroWriter } from '../media/zero-writer.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { setTags, type SetTagsFailure } from '../tags/set-tags.ts';
import { choosePlacement } from './choose-placement.ts';
import { viewsOf, type DriveView } from './drive-view.ts';

/** A drive to create. It reads as zeros. */
export interface DriveOrder {
  readonly label: Label;
  readonly size: Bytes;
  readonly optical: boolean;
  readonly storageType?: string | undefined;
  /** Tags of the caller; null for a string that cannot be a tag id. */
  readonly tags?: readonly (TagId | null)[] | undefined;
}

export type CreateDrivesFailure = AdmissionFailure | IngestFailure | SetTagsFailure | 'definitions-too-large';

interface Planned {
  readonly id: MediaId;
  readonly placement: Placement;
  readonly order: DriveOrder;
}

const MAX_ATTEMPTS = 3;

interface Dependencies {
  readonly work: UnitOfWork;
  readonly pools: Pools;
  readonly ingest: Ingest;
}

/** Creates several drives that read as zeros, all of them or none (docs/cloudsigma.md#drives). */
export class CreateDrives {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /** Resolves with the finished drives, in the order of `orders`. */
  async run(caller: Caller, orders: readonly DriveOrder[], signal: AbortSignal): Promise<readonly DriveView[]> {
    const { work, pools } = this.#dependencies;
    const planned = await work.onBehalfOf(caller).run(async (tx) => this.#plan(tx, caller, orders));
    const ids = planned.map(({ id }) => id);
    await this.#create(caller, planned, signal);
    return work.onBehalfOf(caller).run(async (tx) => {
      const views = await viewsOf(tx, pools, caller, await tx.labels.findAll(ids));
      return ids.flatMap((id) => views.filter((view) => view.id === id));
    });
  }

  async #plan(tx: Transaction, caller: Caller, orders: readonly DriveOrder[]): Promise<readonly Planned[]> {
    const { pools, ingest } = this.#dependencies;
    const planned: Planned[] = [];
    for (const order of orders) {
      const placement = await choosePlacement(tx, pools, caller, { storageType: order.storageType });
      planned.push({ id: ingest.newId(), placement, order });
    }
    return planned;
  }

  /** Tries again if another caller took a name between its choice and its use. */
  async #create(caller: Caller, planned: readonly Planned[], signal: AbortSignal): Promise<void> {
    const ordered = planned.toSorted((one, other) => one.placement.pool - other.placement.pool);
    const ids = planned.map(({ id }) => id);
    const admission: Admission = async (tx, admit) => {
      await tx.definitions.lock(caller.uuid);
      for (const { id, placement, order } of ordered) {
        const taken = await tx.labels.namesTaken(placement.pool, [order.label.text]);
        const name = fileNameFor(order.label.text, id, (candidate) => taken.has(candidate));
        await admit({ ...placement, ...kindOf(order.optical), id, name, size: order.size });
        await tx.labels.store(id, order.label, caller.uuid);
        if (order.tags !== undefined) await setTags(tx, caller, order.tags, { kind: 'media', id });
      }
      await tx.definitions.requireRoom(caller.uuid);
    };
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#dependencies.ingest.run(caller, { ids, state: 'creating', admission, writer: zeroWriter }, signal);
        return;
      } catch (error) {
        if (!isFailure(error, 'media-name-taken') || tries === MAX_ATTEMPTS) throw error;
      }
    }
  }
}
