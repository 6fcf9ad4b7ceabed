import type { Action, Actor } from '../../domain/audit/audit-event.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import { kindBy, type Upload } from '../../domain/uploads/upload.ts';
import type { StoredBlob } from '../../domain/media/media.ts';
import type { ImageFacts } from '../../domain/media/formats/inspect-image.ts';
import type { Inspection } from '../media/inspection.ts';
import type { BlobAppender } from '../ports/blob-appender.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { isRefusal, REMEMBER_SECONDS, type EndUpload } from './end-upload.ts';
import { lockCreator } from './require-upload.ts';
import { lossOf, type UploadLease } from './upload-leases.ts';

/** An upload whose bytes are all durable. */
export interface CompleteUpload {
  readonly upload: Upload;
  readonly appender: Pick<BlobAppender, 'sha256' | 'read' | 'commit' | 'discard'>;
  readonly inspection: Pick<Inspection, 'catchUp' | 'facts'>;
}

/** What else is to be true, and done, when an item becomes ready. */
export interface FinishTerms {
  /** In the audit; null for the creator. */
  readonly by: Actor | null;
  readonly action: Action;
  /** Rejects unless the bytes, with this SHA-256, may be seen. */
  readonly verify?: (sha256: string) => Promise<void>;
  /** Runs in the transaction in which the item becomes ready. */
  readonly finished?: (tx: Transaction) => Promise<void>;
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly endUpload: EndUpload;
  readonly metrics: Metrics;
}

/** Verifies an upload whose bytes are all durable, and makes its item `ready`. */
export class FinishUpload {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Resolves when the item is ready. Releases the lease and discards the session in any case; an
   * upload that fails with neither a refusal nor success stays `verifying`. `by` appears in the
   * audit; null for the creator.
   *
   * @throws DomainError the refusal with which the upload ended, `upload-gone`, or `unavailable`
   */
  async run(lease: UploadLease, session: CompleteUpload, by: Actor | null): Promise<void> {
    const { endUpload, metrics } = this.#dependencies;
    const begun = performance.now();
    try {
      await this.publish(lease, session, { by, action: 'media.upload' });
    } catch (error) {
      // The reply to the COMMIT may have been lost.
      if (isRefusal(error) || !(await this.#isFinished(session.upload)))
        throw await endUpload.after(error, session.upload, { by: by ?? { id: null }, action: 'media.upload' });
    }
    metrics.uploadFinished((performance.now() - begun) / 1000);
  }

  async #isFinished({ id }: Upload): Promise<boolean> {
    const found = await this.#dependencies.work.read(async (tx) => tx.uploads.find(id)).catch(() => null);
    return found?.state === 'finished';
  }

  /**
   * As `run`, but neither refusals nor lost replies are concluded: the upload stays `verifying`.
   *
   * @throws what `verify` throws
   */
  async publish(
    lease: UploadLease,
    { upload, appender, inspection }: CompleteUpload,
    terms: FinishTerms,
  ): Promise<void> {
    const { work } = this.#dependencies;
    try {
      const sha256 = await appender.sha256(lease.signal);
      if (upload.sha256 !== null && sha256 !== upload.sha256) throw new DomainError('digest-mismatch');
      await terms.verify?.(sha256);
      await inspection.catchUp(async (at, length) => appender.read(at, length));
      const facts = await inspection.facts();
      await work.run(async (tx) => requireRights(tx, upload));
      lease.confirm();
      const blob = await appender.commit(!kindBy(upload, facts).readOnly);
      await work.run(async (tx) => finish(tx, lease, upload, { facts, blob }, terms));
    } finally {
      await appender.discard();
      await lease.release();
    }
  }
}

async function requireRights(tx: Transaction, upload: Upload): Promise<Actor> {
  const creator = await tx.uploads.findCreator(upload.id);
  if (creator === null) throw new DomainError('permission-missing', { permission: 'velocity.media.create' });
  await lockCreator(tx, creator, upload);
  return { id: creator };
}

async function finish(
  tx: Transaction,
  lease: UploadLease,
  upload: Upload,
  { facts, blob }: { readonly facts: ImageFacts; readonly blob: StoredBlob },
  { by, action, finished }: FinishTerms,
): Promise<void> {
  const creator = await requireRights(tx, upload);
  await tx.media.lock(upload.id);
  const item = { kind: kindBy(upload, facts), blob, facts };
  const isFinished = await tx.uploads.finish(upload.id, lease.holder, item, REMEMBER_SECONDS);
  if (!isFinished) throw lossOf(await tx.uploads.find(upload.id));
  const details = { size: upload.length };
  await tx.audit.record(by ?? creator, { action, media: upload.id, details });
  await finished?.(tx);
}
