import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { EndUpload } from './end-upload.ts';
import { requireUpload } from './require-upload.ts';

export type AbortUploadFailure = 'unknown-upload' | 'upload-gone' | 'unavailable';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly endUpload: EndUpload;
}

/** Ends an upload at once: its name and its charge are free when this resolves. */
export class AbortUpload {
  readonly #work: UnitOfWork;
  readonly #endUpload: EndUpload;

  constructor({ work, endUpload }: Dependencies) {
    this.#work = work;
    this.#endUpload = endUpload;
  }

  /**
   * @throws DomainError `unknown-upload`, also for a finished one, whose item stays; `upload-gone`
   */
  async run(caller: Caller, id: UploadId | null): Promise<void> {
    const upload = await this.#work.onBehalfOf(caller).read(async (tx) => requireUpload(tx, caller, id));
    if (upload.state === 'finished') throw new DomainError('unknown-upload');
    if (caller.rehearses === true) return;
    const isEnded = await this.#endUpload.run(upload, { by: caller, action: 'upload.abort' });
    if (!isEnded) throw new DomainError('unknown-upload');
  }
}
