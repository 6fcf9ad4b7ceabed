import type { Caller } from '../../domain/access/caller.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { UploadTerms } from '../../domain/uploads/upload.ts';
import { viewsInOrder, type DriveView } from './drive-view.ts';
import { admitDrives, planDrives, withFreeNames, type AdmitDrive, type DriveOrder } from './planned-drives.ts';
import { admitBy, type AdmissionFailure } from '../media/admit.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { SetTagsFailure } from '../tags/set-tags.ts';
import type { UploadLimits } from '../uploads/upload-limits.ts';

export type InitializeUploadsFailure =
  | AdmissionFailure
  | SetTagsFailure
  | 'definitions-too-large'
  | 'home-group-missing'
  | 'too-many-possessions'
  | 'unavailable';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly pools: Pools;
  readonly random: Random;
  readonly limits: UploadLimits;
}

/**
 * Creates several drives whose bytes will arrive in chunks, all of them or none
 * (docs/cloudsigma.md#uploads-in-chunks).
 */
export class InitializeUploads {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Resolves with the drives, in the order of `orders`. Their sizes are charged.
   *
   * @throws DomainError as `CreateDrives` before its first byte; `too-many-possessions` for a user
   *   with too many open uploads
   */
  async run(caller: Caller, orders: readonly DriveOrder[]): Promise<readonly DriveView[]> {
    const { work, pools, random } = this.#dependencies;
    const plan = { caller, pools, newId: () => random.uuid() as MediaId };
    return withFreeNames(async () =>
      work.onBehalfOf(caller).run(async (tx) => {
        await tx.definitions.lock(caller.uuid);
        await this.#requireFew(tx, caller, orders.length);
        const planned = await planDrives(tx, plan, orders);
        await admitDrives(tx, caller, planned, async (item) => this.#open(tx, caller, item));
        const ids = planned.map(({ id }) => id);
        return viewsInOrder(tx, pools, caller, ids);
      }),
    );
  }

  async #requireFew(tx: Transaction, caller: Caller, more: number): Promise<void> {
    const { maxOpen: max } = this.#dependencies.limits;
    const open = await tx.uploads.countOpen(caller.uuid);
    if (open + more > max) throw new DomainError('too-many-possessions', { of: 'uploads', max });
  }

  async #open(tx: Transaction, caller: Caller, item: Parameters<AdmitDrive>[0]): Promise<void> {
    const { stores, pools, limits } = this.#dependencies;
    const terms: UploadTerms = { ...item, creator: caller.uuid, length: item.size, sha256: null, metadata: null };
    const media = { ...item, state: 'uploading', createdBy: caller.uuid } as const;
    const location = await admitBy(tx, pools, caller, media, async () =>
      tx.uploads.insert(terms, item, limits.expirySeconds),
    );
    await tx.chunks.begin(item.id);
    stores.of(item.pool, location).requireWritable(item.size);
    await tx.audit.record(caller, { action: 'upload.create', media: item.id, details: { size: item.size } });
  }
}
