import type { Caller } from '../../domain/access/caller.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import type { Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { requireName } from '../../domain/shared/name.ts';
import type { GroupId, PoolId } from '../../domain/shared/ids.ts';
import { kindBefore, type UploadId, type UploadTerms } from '../../domain/uploads/upload.ts';
import { admitBy, type AdmissionFailure } from '../media/admit.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { AppendToUpload } from './append-to-upload.ts';
import { requireUpload, viewOf, type LiveUpload } from './require-upload.ts';
import type { UploadLimits } from './upload-limits.ts';
import type { UploadView } from './upload-view.ts';

/** An upload to create. */
export interface UploadOrder {
  readonly name: string;
  readonly group: GroupId;
  /** Null for the default pool. */
  readonly pool: PoolId | null;
  /** Null for ISO or DISK, by the bytes. */
  readonly type: string | null;
  readonly length: Bytes;
  /** Null for true if it is an ISO, else false. */
  readonly readOnly: boolean | null;
  /** SHA-256 that the bytes must have, in lower-case hex. */
  readonly sha256: string | null;
  /** What the client wants to read back of the upload, unchanged. At most 16,384 characters. */
  readonly metadata?: string;
}

export type CreateUploadFailure = AdmissionFailure | 'too-many-possessions' | 'no-space' | 'unavailable';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly pools: Pools;
  readonly random: Random;
  readonly appendToUpload: AppendToUpload;
  readonly limits: UploadLimits;
}

const NEVER = new AbortController().signal;

/** Creates an upload that outlives the request. */
export class CreateUpload {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Returns the same upload if the caller creates it again (group, pool, name, length and `sha256`)
   * while it is open at offset 0. An upload of length 0 is finished when this resolves.
   *
   * @throws DomainError as the upload of one request before its first byte; `too-many-possessions`
   *   for a user with too many open uploads
   */
  async run(caller: Caller, order: UploadOrder): Promise<UploadView> {
    const { work, pools, random, appendToUpload } = this.#dependencies;
    const pool = order.pool ?? pools.find(({ isDefault }) => isDefault)?.id;
    if (pool === undefined) throw new DomainError('pool-not-found');
    // The database cannot be asked for every text.
    requireName(order.name);
    const { metadata = null } = order;
    const terms: UploadTerms = { ...order, metadata, pool, id: random.uuid() as UploadId, creator: caller.uuid };
    const upload = await work.onBehalfOf(caller).run(async (tx) => this.#admit(tx, caller, terms));
    if (upload.length > 0 || upload.state !== 'open') return viewOf(upload);
    return appendToUpload.run(caller, upload.id, 0, { source: nothing(), length: 0, checksum: null }, NEVER);
  }

  /** Creations of one user wait for each other, so that one of two at once finds the other. */
  async #admit(tx: Transaction, caller: Caller, terms: UploadTerms): Promise<LiveUpload> {
    const { stores, pools, limits } = this.#dependencies;
    const { maxOpen: max, expirySeconds } = limits;
    await tx.definitions.lock(caller.uuid);
    const twin = await tx.uploads.findTwin(terms);
    if (twin !== null) return requireUpload(tx, caller, twin.id);
    if ((await tx.uploads.countOpen(caller.uuid)) >= max) {
      throw new DomainError('too-many-possessions', { of: 'uploads', max });
    }
    const kind = kindBefore(terms);
    const item = { ...terms, ...kind, size: terms.length, state: 'uploading', createdBy: caller.uuid } as const;
    const location = await admitBy(tx, pools, caller, item, async ({ provenance }) =>
      tx.uploads.insert(terms, kind, expirySeconds, provenance),
    );
    stores.of(terms.pool, location).requireWritable(terms.length);
    await tx.audit.record(caller, { action: 'upload.create', media: terms.id, details: { size: terms.length } });
    return requireUpload(tx, caller, terms.id);
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // An upload of length 0 has no bytes.
}
