import type { UploadId } from '../../domain/uploads/upload.ts';
import type { ChunkLeaseId } from '../ports/chunk-repository.ts';
import type { MonotonicClock } from '../ports/clock.ts';
import type { LeaseTerms } from '../ports/media-repository.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { WriteLeases, type WriteLease } from './write-leases.ts';

/** The right to write one chunk of an upload, until it is released or lost. */
export interface ChunkLease extends WriteLease {
  readonly id: ChunkLeaseId;
  /** Gives the lease up. Idempotent. Never fails: what cannot be released ends in time. */
  release(): Promise<void>;
}

/**
 * Tries to store a lease in the database. Resolves with null if another process holds one; with
 * `asks` it has asked that process to give it up.
 */
export type StoreLease<T> = (lease: ChunkLeaseId, terms: LeaseTerms, asks: boolean) => Promise<T | null>;

interface Dependencies {
  readonly work: UnitOfWork;
  /** On connections that requests cannot use up. */
  readonly upkeepWork: UnitOfWork;
  readonly clock: MonotonicClock;
  readonly random: Random;
  readonly terms: LeaseTerms;
}

/** The leases on chunks that this process holds. `renew` is to be called several times a lease. */
export class ChunkLeases {
  readonly #work: UnitOfWork;
  readonly #upkeepWork: UnitOfWork;
  readonly #random: Random;
  readonly #terms: LeaseTerms;
  readonly #leases: WriteLeases<ChunkLeaseId>;

  constructor({ work, upkeepWork, clock, random, terms }: Dependencies) {
    this.#work = work;
    this.#upkeepWork = upkeepWork;
    this.#random = random;
    this.#terms = terms;
    this.#leases = new WriteLeases(clock, terms.seconds);
  }

  /**
   * Acquires the lease of a chunk with `store`. Asks another request that has it, in this process
   * or another, to give it up. Resolves with the result of `store`, too.
   *
   * @throws DomainError `upload-locked` when that takes too long; what `store` threw
   */
  async acquire<T>(
    upload: UploadId,
    number: number,
    store: StoreLease<T>,
  ): Promise<{ readonly lease: ChunkLease; readonly stored: T }> {
    const id = this.#random.uuid() as ChunkLeaseId;
    const { lease, stored } = await this.#leases.acquire({ id, upload, key: keyOf(upload, number) }, async (asks) =>
      store(id, this.#terms, asks),
    );
    const remove = async (): Promise<void> => this.#work.run(async (tx) => tx.chunks.release(this.#terms.holder, id));
    return { stored, lease: { ...lease, id, release: async () => lease.endWith(remove) } };
  }

  /** Whether a request of this process has, or tries to get, the lease of a chunk. */
  isHeld(upload: UploadId, number: number): boolean {
    return this.#leases.isHeld(keyOf(upload, number));
  }

  /** Asks the request of this process that has this lease to give it up; another one wants it. */
  requestRelease(lease: string): void {
    this.#leases.requestRelease(lease as ChunkLeaseId);
  }

  /** Stops the requests of this process that send to an upload whose item was deleted. */
  lose(upload: UploadId): void {
    this.#leases.lose(upload);
  }

  /**
   * Renews all leases held, and stops those that are lost or wanted by others.
   *
   * @throws DomainError `unavailable`
   */
  async renew(): Promise<void> {
    await this.#leases.renew(async (ids) =>
      this.#upkeepWork.runStatement(async (tx) => tx.chunks.renew(ids, this.#terms)),
    );
  }

  /** Resolves when no chunk is being written. */
  async idle(): Promise<void> {
    await this.#leases.idle();
  }
}

function keyOf(upload: UploadId, number: number): string {
  return `${upload} ${number}`;
}
