import type { Caller } from '../../domain/access/caller.ts';
import { checksumText, requireChecksum } from '../../domain/imports/checksum.ts';
import { fileNameOf, maskedUrl, requireImportUrl } from '../../domain/imports/import-url.ts';
import type { SourceRules } from '../../domain/imports/source-target.ts';
import type { Provenance } from '../../domain/media/provenance.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { bytes, type Bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { GroupId, JobId, PoolId } from '../../domain/shared/ids.ts';
import { requireName } from '../../domain/shared/name.ts';
import { kindBefore, type UploadId, type UploadTerms } from '../../domain/uploads/upload.ts';
import type { KeepAnswer } from '../access/keep-answer.ts';
import { admitBy, type AdmissionFailure } from '../media/admit.ts';
import { requireJob, type VisibleJob } from '../media/visible-job.ts';
import type { ImportTerms } from '../ports/import-repository.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { Workers } from '../ports/workers.ts';
import { shareholderOf } from '../shares/shareholder.ts';
import type { UploadLimits } from '../uploads/upload-limits.ts';
import { MAX_IMPORT_SECONDS } from './write-import.ts';

/** An item to import. */
export interface ImportOrder {
  readonly url: string;
  /** Null for the file name of the URL. */
  readonly name: string | null;
  readonly group: GroupId;
  /** Null for the default pool. */
  readonly pool: PoolId | null;
  /** Null for ISO or DISK, by the bytes. */
  readonly type: string | null;
  /** Null for true if it is an ISO, else false. */
  readonly readOnly: boolean | null;
  /** The checksum that the bytes must have, such as `sha256:…`; null for any. */
  readonly checksum: string | null;
  /** The URL of a file that has the checksum; null for none. */
  readonly checksumUrl: string | null;
  /** The largest size; null if the length of the source decides. */
  readonly maxBytes: Bytes | null;
}

export type CreateImportFailure = AdmissionFailure | 'imports-off' | 'url-invalid' | 'too-many-possessions';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly pools: Pools;
  readonly random: Random;
  readonly workers: Workers;
  readonly limits: Pick<UploadLimits, 'maxOpen'>;
  readonly rules: SourceRules;
  readonly importsAreOn: boolean;
}

/** Queues the import of an item from a URL. */
export class CreateImport {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Resolves with the job when the rights are checked and the name is taken. The job asks the
   * source for its length, and charges it, before it fetches a byte.
   *
   * @throws DomainError `too-many-possessions` for a user with too many open uploads and imports
   */
  async run(caller: Caller, order: ImportOrder, keep?: KeepAnswer<VisibleJob>): Promise<VisibleJob> {
    const { work, pools, random, workers, rules, importsAreOn } = this.#dependencies;
    if (!importsAreOn) throw new DomainError('imports-off');
    const pool = order.pool ?? pools.find(({ isDefault }) => isDefault)?.id;
    if (pool === undefined) throw new DomainError('pool-not-found');
    const url = requireImportUrl(order.url, rules);
    const checksumUrl = order.checksumUrl === null ? null : requireImportUrl(order.checksumUrl, rules);
    // The database cannot be asked for every text.
    const name = requireName(order.name ?? fileNameOf(url) ?? '');
    const id = random.uuid() as UploadId;
    const upload: UploadTerms = {
      ...{ id, creator: caller.uuid, group: order.group, pool, name, type: order.type, readOnly: order.readOnly },
      ...{ length: bytes(0), sha256: null, metadata: null },
    };
    const checksum = order.checksum === null ? null : requireChecksum(order.checksum);
    const source: ImportTerms = { url, checksum, checksumUrl, maxBytes: order.maxBytes };
    const job = await work.onBehalfOf(caller).run(async (tx) => {
      const importing = await requireJob(tx, caller, await this.#admit(tx, caller, upload, source));
      await keep?.(tx, importing);
      return importing;
    });
    workers.wake();
    return job;
  }

  async #admit(tx: Transaction, caller: Caller, upload: UploadTerms, source: ImportTerms): Promise<JobId> {
    const { pools, random, limits } = this.#dependencies;
    await tx.definitions.lock(caller.uuid);
    const max = limits.maxOpen;
    if ((await tx.uploads.countOpen(caller.uuid)) >= max) {
      throw new DomainError('too-many-possessions', { of: 'uploads', max });
    }
    const { checksum } = source;
    const provenance: Provenance = {
      kind: 'import',
      source: null,
      url: maskedUrl(source.url),
      checksum: checksum === null ? null : checksumText(checksum),
      channel: caller.origin?.channel ?? null,
    };
    const kind = kindBefore(upload);
    const item = { ...upload, ...kind, size: upload.length, state: 'uploading', createdBy: caller.uuid } as const;
    await admitBy(tx, pools, caller, { ...item, provenance }, async () =>
      tx.uploads.insert(upload, kind, MAX_IMPORT_SECONDS, provenance),
    );
    const job = random.uuid() as JobId;
    const { tenant } = shareholderOf(caller);
    await tx.imports.insert({ ...source, job, upload: upload.id, owner: caller.uuid, tenant });
    const details = { url: provenance.url };
    await tx.audit.record(caller, { action: 'media.import', media: upload.id, details });
    return job;
  }
}
