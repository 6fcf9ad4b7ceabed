import type { Caller } from '../../domain/access/caller.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { AdmissionFailure } from '../media/admit.ts';
import type { Admission, Ingest, IngestFailure } from '../media/ingest.ts';
import { zeroWriter } from '../media/zero-writer.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { SetTagsFailure } from '../tags/set-tags.ts';
import { viewsInOrder, type DriveView } from './drive-view.ts';
import { admitDrives, planDrives, withFreeNames, type DriveOrder } from './planned-drives.ts';

export type CreateDrivesFailure = AdmissionFailure | IngestFailure | SetTagsFailure | 'definitions-too-large';

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
    const { work, pools, ingest } = this.#dependencies;
    const plan = { caller, pools, newId: () => ingest.newId() };
    const planned = await work.onBehalfOf(caller).run(async (tx) => planDrives(tx, plan, orders));
    const ids = planned.map(({ id }) => id);
    const admission: Admission = async (tx, admit) => admitDrives(tx, caller, planned, admit);
    await withFreeNames(async () =>
      ingest.run(caller, { ids, state: 'creating', admission, writer: zeroWriter }, signal),
    );
    return work.onBehalfOf(caller).run(async (tx) => viewsInOrder(tx, pools, caller, ids));
  }
}
