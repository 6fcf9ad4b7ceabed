import type { Caller } from '../../domain/access/caller.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import { ROOT_GROUP, type MediaId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { DownloadMedia, MediaContent } from '../media/download-media.ts';
import { requireIdle, requireVisible } from './visible-media.ts';

const LIST = 'velocity.media.list';

/**
 * Reads items that the caller sees; library drives for callers who may list the media of the root
 * group.
 */
export class DownloadDrive {
  readonly #work: UnitOfWork;
  readonly #download: DownloadMedia;

  constructor(work: UnitOfWork, download: DownloadMedia) {
    this.#work = work;
    this.#download = download;
  }

  /**
   * Returns the content as `DownloadMedia` does.
   *
   * @throws also `media-busy` for an unfinished item, `media-published` for a library drive
   */
  async run(caller: Caller, id: MediaId | null): Promise<MediaContent> {
    await this.#work.onBehalfOf(caller).read(async (tx) => {
      try {
        const { media } = await requireVisible(tx, caller, id);
        await requireIdle(tx, media, false);
      } catch (error) {
        const mayList = isFailure(error, 'media-published') && (await tx.grants.holds(caller.id, LIST, [ROOT_GROUP]));
        if (!mayList) throw error;
      }
    });
    return this.#download.run(caller, id);
  }
}
