import type { Caller } from '../../domain/access/caller.ts';
import type { Origin } from '../../domain/audit/audit-event.ts';
import { DomainError, isFailure } from '../../domain/shared/domain-error.ts';
import type { Link } from '../../domain/media/link.ts';
import type { DownloadMedia, MediaContent } from '../media/download-media.ts';
import type { BlobBytes } from '../ports/blob-store.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { LinkUses, RunningUse } from './link-uses.ts';

export type OpenLinkFailure = 'link-not-found' | 'bytes-missing' | 'bytes-damaged' | 'unavailable';

/** The bytes behind a link, and its use, which the caller ends. */
export interface OpenedLink {
  readonly content: MediaContent;
  readonly use: RunningUse;
}

interface Dependencies {
  readonly work: UnitOfWork;
  readonly random: Random;
  readonly download: DownloadMedia;
  readonly linkUses: LinkUses;
}

/**
 * Opens items by links, with the rights and the share of downloads that their creators have now.
 */
export class OpenLink {
  readonly #work: UnitOfWork;
  readonly #random: Random;
  readonly #download: DownloadMedia;
  readonly #uses: LinkUses;

  constructor({ work, random, download, linkUses }: Dependencies) {
    this.#work = work;
    this.#random = random;
    this.#download = download;
    this.#uses = linkUses;
  }

  /**
   * `origin` is that of the request: the networks of the link are compared with its address.
   *
   * @throws `link-not-found` for every reason alike: an unknown secret, another network, an
   *   expired link, an item that was deleted, or a creator who may not read it any more
   */
  async run(secret: string, origin: Origin): Promise<OpenedLink> {
    const hash = this.#random.hashOf(secret);
    const found = await this.#work.read(async (tx) => tx.links.find(hash, origin.address));
    if (found === null) throw new DomainError('link-not-found');
    const { link, creator } = found;
    const content = await this.#contentOf(link, { ...creator, origin });
    const use = this.#uses.begin(link.id);
    const open = async (...terms: Parameters<MediaContent['open']>): Promise<BlobBytes> =>
      counting(await content.open(...terms), use);
    return { content: { ...content, open }, use };
  }

  async #contentOf(link: Link, creator: Caller): Promise<MediaContent> {
    try {
      return await this.#download.run(creator, link.media);
    } catch (error) {
      const isGone = isFailure(error, 'media-not-found') || isFailure(error, 'permission-missing');
      throw isGone ? new DomainError('link-not-found', undefined, { cause: error }) : error;
    }
  }
}

/** Returns the same bytes, and counts them as they are read. */
function counting(source: BlobBytes, use: RunningUse): BlobBytes {
  const { release } = source;
  return {
    [Symbol.asyncIterator]: async function* () {
      for await (const chunk of source) {
        use.count(chunk.length);
        yield chunk;
      }
    },
    ...(release === undefined ? {} : { release: (chunk: Uint8Array) => release.call(source, chunk) }),
  };
}
