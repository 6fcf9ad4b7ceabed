import { DomainError } from '../../domain/shared/domain-error.ts';
import type { InstanceId } from '../../domain/shared/ids.ts';
import type { Upload, UploadId } from '../../domain/uploads/upload.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { LeaseTerms } from '../ports/media-repository.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { AcquiredUpload } from '../ports/upload-repository.ts';
import { gone, locked, WriteLeases, type WriteLease } from './write-leases.ts';

/** The right to write to one upload, until it is released or lost. */
export interface UploadLease extends WriteLease {
  /** The upload as it was when the lease was acquired. */
  readonly upload: Upload;
  /** Whether this process wrote last, too. */
  readonly isContinued: boolean;
  readonly holder: InstanceId;
  /** Makes this how `checkpoint` of the leases records what has arrived. */
  onCheckpoint(checkpoint: () => Promise<void>): void;
  /**
   * Gives the lease up. Idempotent: a later lease of this process stays. Never fails: a lease that
   * the database cannot release ends in time.
   */
  release(): Promise<void>;
}

interface Dependencies {
  readonly work: UnitOfWork;
  /** On connections that requests cannot use up. */
  readonly upkeepWork: UnitOfWork;
  readonly clock: MonotonicClock;
  readonly terms: LeaseTerms;
}

/** The leases on uploads that this process holds. `renew` is to be called several times a lease. */
export class UploadLeases {
  readonly #work: UnitOfWork;
  readonly #upkeepWork: UnitOfWork;
  readonly #terms: LeaseTerms;
  readonly #leases: WriteLeases<UploadId>;
  readonly #checkpoints = new Map<UploadId, () => Promise<void>>();

  constructor({ work, upkeepWork, clock, terms }: Dependencies) {
    this.#work = work;
    this.#upkeepWork = upkeepWork;
    this.#terms = terms;
    this.#leases = new WriteLeases(clock, terms.seconds);
  }

  /**
   * Acquires the lease of an upload. Asks another request that has it, in this process or another,
   * to record what arrived and to give it up.
   *
   * @throws DomainError `upload-locked` when that takes too long; `upload-gone` or `unknown-upload`
   */
  async acquire(id: UploadId): Promise<UploadLease> {
    const { lease, stored } = await this.#leases.acquire({ id, upload: id, key: id }, async (asks) =>
      this.#store(id, asks),
    );
    const remove = async (): Promise<void> => {
      this.#checkpoints.delete(id);
      await this.#work.runStatement(async (tx) => tx.uploads.release(this.#terms.holder, [id]));
    };
    return {
      ...lease,
      upload: stored.upload,
      isContinued: stored.formerHolder === this.#terms.holder,
      holder: this.#terms.holder,
      onCheckpoint: (checkpoint) => this.#checkpoints.set(id, checkpoint),
      release: async () => lease.endWith(remove),
    };
  }

  /** The id that this process holds leases under. */
  get holder(): InstanceId {
    return this.#terms.holder;
  }

  /** Asks the request of this process that has an upload to give it up; another one wants it. */
  requestRelease(id: UploadId): void {
    this.#leases.requestRelease(id);
  }

  /** Stops the request of this process that has an upload whose item was deleted. */
  lose(id: UploadId): void {
    this.#leases.lose(id);
  }

  /**
   * Records what the request of this process that has an upload has received so far, if any has.
   */
  async checkpoint(id: UploadId): Promise<void> {
    await this.#checkpoints.get(id)?.();
  }

  /**
   * Renews all leases held, and stops those that are lost or wanted by others.
   *
   * @throws DomainError `unavailable`
   */
  async renew(): Promise<void> {
    await this.#leases.renew(async (ids) =>
      this.#upkeepWork.runStatement(async (tx) => tx.uploads.renew(ids, this.#terms)),
    );
  }

  /** Resolves when no upload is being written to. */
  async idle(): Promise<void> {
    await this.#leases.idle();
  }

  async #store(id: UploadId, asks: boolean): Promise<AcquiredUpload | null> {
    const acquired = await this.#work.run(async (tx) => tx.uploads.acquire(id, this.#terms));
    if (acquired !== null) return acquired;
    const upload = await this.#work.read(async (tx) => tx.uploads.find(id));
    if (upload === null) throw new DomainError('unknown-upload');
    if (upload.state === 'ended') throw gone();
    if (upload.state === 'finished') throw new DomainError('upload-offset-mismatch', { offset: upload.offset });
    if (asks) await this.#work.run(async (tx) => tx.uploads.wantRelease(id));
    return null;
  }
}

/** Returns why the database refused a change of a holder; `upload` is what it found then. */
export function lossOf(upload: Upload | null): DomainError {
  return upload === null || upload.state === 'ended' ? gone() : locked();
}
