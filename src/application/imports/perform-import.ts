import { SYSTEM } from '../../domain/audit/audit-event.ts';
import { findChecksum, MAX_CHECKSUM_FILE_BYTES } from '../../domain/imports/checksum-file.ts';
import type { Checksum } from '../../domain/imports/checksum.ts';
import { MAX_TRIES } from '../../domain/imports/retries.ts';
import type { ImportPhase } from '../../domain/jobs/job.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { Upload } from '../../domain/uploads/upload.ts';
import type { BlobContent, BlobStores } from '../ports/blob-store.ts';
import type { Digests } from '../ports/digests.ts';
import type { ClaimedImport } from '../ports/import-repository.ts';
import type { ImportSource, SourceResponse } from '../ports/import-source.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { FinishUpload } from '../uploads/finish-upload.ts';
import { requireCreator } from '../uploads/require-upload.ts';
import type { UploadLease } from '../uploads/upload-leases.ts';
import type { UploadSession, UploadSessions } from '../uploads/upload-sessions.ts';
import { factsOf, resizeImport } from './resize-import.ts';
import { SourceBytes, SourceFailure, SourceLost } from './source-bytes.ts';
import { verifyChecksum } from './verify-checksum.ts';
import type { WriteImport } from './write-import.ts';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly stores: BlobStores<BlobContent>;
  readonly importSource: ImportSource;
  readonly uploadSessions: UploadSessions;
  readonly writeImport: WriteImport;
  readonly finishUpload: FinishUpload;
  readonly digests: Digests;
}

/** Fetches the bytes of an import into its upload, verifies them, and finishes item and job. */
export class PerformImport {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Resolves when item and job are finished. After a failure the recorded bytes stay, and the next
   * holder of the lease goes on behind them.
   *
   * @throws SourceFailure
   * @throws DomainError where another try would fail as well: the source, the bytes, or the rights
   *   of the user who requested them are refused
   * @throws what the stores throw, or the reason of `signal` or of the lost lease
   */
  async run(job: ClaimedImport, lease: UploadLease, signal: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([signal, lease.signal]);
    if (lease.upload.state === 'verifying') {
      const session = await this.#dependencies.uploadSessions.open(lease);
      return this.#finish(job, lease, session, job.checksum);
    }
    await this.#enter(job, 'connecting');
    await this.#requireRights(job, lease.upload);
    const checksum = job.checksum ?? (await this.#findChecksum(job, stop));
    await this.#finish(job, lease, await this.#fetch(job, lease, stop), checksum);
  }

  async #enter({ job }: ClaimedImport, phase: ImportPhase): Promise<void> {
    await this.#dependencies.work.run(async (tx) => tx.imports.enter(job, phase));
  }

  async #requireRights({ owner }: ClaimedImport, upload: Upload): Promise<void> {
    if (owner === null) throw new DomainError('user-not-found');
    await this.#dependencies.work.read(async (tx) => requireCreator(tx, owner.id, upload));
  }

  async #findChecksum(job: ClaimedImport, signal: AbortSignal): Promise<Checksum | null> {
    const { work, importSource } = this.#dependencies;
    if (job.checksumUrl === null) return null;
    const text = await new SourceBytes(importSource, job.checksumUrl, signal, job.tries).text(MAX_CHECKSUM_FILE_BYTES);
    if (text === null) throw new DomainError('checksum-not-found', { reason: 'unreadable' });
    const found = findChecksum(text, job.url, job.checksumUrl);
    await work.run(async (tx) => tx.imports.learnChecksum(job.job, job.upload, found));
    return found;
  }

  /** A source that breaks off and has no validator is fetched again from its beginning. */
  async #fetch(job: ClaimedImport, lease: UploadLease, signal: AbortSignal): Promise<UploadSession> {
    for (let tries = job.tries; ; tries += 1) {
      try {
        return await this.#fetchOnce(job, lease, tries, signal);
      } catch (error) {
        if (!(error instanceof SourceLost)) throw error;
        if (tries + 1 >= MAX_TRIES) throw new SourceFailure(error.failure, tries + 1, null);
      }
    }
  }

  async #fetchOnce(job: ClaimedImport, lease: UploadLease, tries: number, signal: AbortSignal): Promise<UploadSession> {
    const { importSource, writeImport } = this.#dependencies;
    const { offset, length } = lease.upload;
    const known = offset > 0 && job.validator !== null ? { from: offset, validator: job.validator } : null;
    const source = new SourceBytes(importSource, job.url, signal, tries);
    const response = await source.open(known);
    try {
      if (known !== null && job.isLengthKnown === true && response.length !== length) {
        throw new DomainError('source-changed');
      }
      const begun = known === null ? await this.#begin(job, lease, response) : lease;
      await this.#enter(job, 'downloading');
      const { offset: from } = begun.upload;
      return await writeImport.run(job, begun, (brokeOff) => source.read(response, from, brokeOff), signal);
    } finally {
      response.close();
    }
  }

  /** Charges what the source announces, or the largest size that it may have. */
  async #begin(job: ClaimedImport, lease: UploadLease, response: SourceResponse): Promise<UploadLease> {
    const { work, stores, uploadSessions } = this.#dependencies;
    const { upload, holder } = lease;
    const facts = factsOf(job, response);
    stores.of(upload.pool, upload.location).requireWritable(facts.length);
    await uploadSessions.forget(upload.id);
    await work.run(async (tx) =>
      resizeImport(tx, upload, facts.length, async () => tx.imports.begin(job.job, upload.id, holder, facts)),
    );
    return { ...lease, upload: { ...upload, length: facts.length, offset: bytes(0) } };
  }

  async #finish(
    job: ClaimedImport,
    lease: UploadLease,
    session: UploadSession,
    checksum: Checksum | null,
  ): Promise<void> {
    const { finishUpload, digests } = this.#dependencies;
    await this.#enter(job, 'verifying');
    const { appender, upload } = session;
    await finishUpload.publish(lease, session, {
      by: job.owner ?? SYSTEM,
      action: 'media.import-end',
      verify: async (sha256) => {
        const written = { appender, length: upload.length, sha256 };
        if (checksum !== null) await verifyChecksum(checksum, written, digests, lease.confirm);
      },
      finished: async (tx) => {
        await tx.jobs.end(job.job, 'success', null);
      },
    });
  }
}
