import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import { requireVisible, type VisibilityFailure } from './visible-media.ts';
import type { ChunkedUpload } from '../ports/chunk-repository.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { refused } from '../uploads/chunk-order.ts';
import type { EndUpload } from '../uploads/end-upload.ts';
import { requireCreator } from '../uploads/require-upload.ts';

export type ChunkRequestFailure =
  VisibilityFailure | 'chunk-refused' | 'permission-missing' | 'group-not-found' | 'not-manager' | 'unavailable';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly endUpload: EndUpload;
}

/** What every request for a chunk has to pass. */
export class ChunkRequests {
  readonly #work: UnitOfWork;
  readonly #end: EndUpload;

  constructor({ work, endUpload }: Dependencies) {
    this.#work = work;
    this.#end = endUpload;
  }

  /**
   * Runs `work` in a transaction, with the upload that the caller created and may still create.
   * Ends the upload if the caller lost the right to create it. `id` is null for text that is no id.
   *
   * @throws DomainError `media-not-found` or `media-published`; `chunk-refused` for a drive that
   *   takes no chunks; `permission-missing` for a drive of another user; `permission-missing`,
   *   `group-not-found` or `not-manager` where the rights were taken away
   */
  async run<T>(
    caller: Caller,
    id: UploadId | null,
    work: (tx: Transaction, upload: ChunkedUpload) => Promise<T>,
  ): Promise<T> {
    const checked: { upload: ChunkedUpload | null } = { upload: null };
    try {
      return await this.#work.onBehalfOf(caller).run(async (tx) => {
        checked.upload = null;
        const upload = await requireOwn(tx, caller, id);
        if (upload.state !== 'finished') {
          checked.upload = upload;
          await requireCreator(tx, caller.id, upload);
          checked.upload = null;
        }
        return work(tx, upload);
      });
    } catch (error) {
      if (checked.upload === null) throw error;
      throw await this.#end.after(error, checked.upload, { by: caller, action: 'upload.abort' });
    }
  }
}

async function requireOwn(tx: Transaction, caller: Caller, id: UploadId | null): Promise<ChunkedUpload> {
  const upload = id === null ? null : await tx.chunks.find(id);
  if (upload !== null && upload.creator === caller.uuid && upload.state !== 'ended') return upload;
  await requireVisible(tx, caller, id);
  if (upload === null) throw refused('the drive takes no chunks: begin an upload with POST /initupload/');
  throw new DomainError('permission-missing', { permission: 'velocity.media.create' });
}
