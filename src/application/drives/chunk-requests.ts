import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { UploadId } from '../../domain/uploads/upload.ts';
import { requireVisible, type VisibilityFailure } from './visible-media.ts';
import type { ChunkedUpload } from '../ports/chunk-repository.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { refused } from '../uploads/chunk-order.ts';
import type { EndUpload } from '../uploads/end-upload.ts';
import { lockCreator, requireCreator } from '../uploads/require-upload.ts';

export type ChunkRequestFailure =
  VisibilityFailure | 'chunk-refused' | 'permission-missing' | 'group-not-found' | 'not-manager' | 'unavailable';

/** What a request does with its upload. */
export type ChunkWork<T> = (tx: Transaction, upload: ChunkedUpload) => Promise<T>;

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
   * Runs `work`, which changes and locks nothing, with the upload that the caller created and may
   * still create. Ends the upload if the caller lost the right to create it. `id` is null for text
   * that is no id.
   *
   * @throws DomainError `media-not-found` or `media-published`; `chunk-refused` for a drive that
   *   takes no chunks; `permission-missing` for a drive of another user; `permission-missing`,
   *   `group-not-found` or `not-manager` where the rights were taken away
   */
  async read<T>(caller: Caller, id: UploadId | null, work: ChunkWork<T>): Promise<T> {
    return this.#run('read', requireCreator, caller, id, work);
  }

  /**
   * As `read`, in a transaction that protects the group from removal. What `work` changed is rolled
   * back if the caller lost the right.
   */
  async run<T>(caller: Caller, id: UploadId | null, work: ChunkWork<T>): Promise<T> {
    return this.#run('run', lockCreator, caller, id, work);
  }

  async #run<T>(
    mode: 'read' | 'run',
    require: typeof requireCreator,
    caller: Caller,
    id: UploadId | null,
    work: ChunkWork<T>,
  ): Promise<T> {
    const denied: { upload: ChunkedUpload | null } = { upload: null };
    try {
      return await this.#work.onBehalfOf(caller)[mode](async (tx) => {
        denied.upload = null;
        const upload = await requireOwn(tx, caller, id);
        // Their statements are sent together.
        const [allowed, done] = await Promise.allSettled([
          upload.state === 'finished' ? null : require(tx, caller.id, upload),
          work(tx, upload),
        ]);
        if (allowed.status === 'rejected') {
          denied.upload = upload;
          throw allowed.reason;
        }
        if (done.status === 'rejected') throw done.reason;
        return done.value;
      });
    } catch (error) {
      if (denied.upload === null) throw error;
      throw await this.#end.after(error, denied.upload, { by: caller, action: 'upload.abort' });
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
