import type { Caller } from '../../domain/access/caller.ts';
import { MAX_TRIES } from '../../domain/imports/retries.ts';
import type { LibrarySource } from '../../domain/library/library-drive.ts';
import { bytes } from '../../domain/shared/bytes.ts';
import { reported } from '../../domain/shared/reported.ts';
import { SourceBytes } from '../imports/source-bytes.ts';
import { MAX_IMPORT_SECONDS } from '../imports/write-import.ts';
import type { DownloadMedia } from '../media/download-media.ts';
import type { ImageFile, ImageFiles } from '../ports/image-files.ts';
import type { ImportSource } from '../ports/import-source.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import { shareholderOf } from '../shares/shareholder.ts';
import { LibraryFault } from './library-fault.ts';

interface Dependencies {
  readonly download: DownloadMedia;
  readonly files: ImageFiles;
  readonly importSource: ImportSource;
  readonly importRate: RateLimiter;
  readonly metrics: Pick<Metrics, 'importReceived'>;
  readonly importsAreOn: boolean;
}

/** Opens the images of library drives, wherever they are. */
export class LibraryImages {
  readonly #dependencies: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Resolves with the image. A URL is requested once: the next pass over the library is the next
   * try. Once its bytes arrive, broken connections are continued as those of imports.
   *
   * @throws LibraryFault
   * @throws what the source throws, or the reason of the signal
   */
  async open(root: Caller, source: LibrarySource, signal: AbortSignal): Promise<ImageFile> {
    if (source.kind === 'file') return this.#dependencies.files.open(source.path);
    if (source.kind === 'url') return this.#openUrl(root, source.url, signal);
    const content = await this.#dependencies.download.run(root, source.id);
    return {
      size: content.size,
      read: async function* () {
        yield* await content.open({ from: 0, to: content.size }, signal);
      },
      close: () => Promise.resolve(),
    };
  }

  async #openUrl(root: Caller, url: string, signal: AbortSignal): Promise<ImageFile> {
    const { importSource, importRate, metrics, importsAreOn } = this.#dependencies;
    if (!importsAreOn) throw new LibraryFault('it has a "url", and PLATTER_IMPORT switches imports off');
    const timely = AbortSignal.any([signal, AbortSignal.timeout(MAX_IMPORT_SECONDS * 1000)]);
    const source = new SourceBytes(importSource, url, timely, MAX_TRIES - 1);
    const response = await source.open(null);
    const { length } = response;
    if (length === null) {
      response.close();
      throw new LibraryFault('the server of its URL does not tell its length');
    }
    const { tenant } = shareholderOf(root);
    return {
      size: length,
      read: () =>
        reported(
          source.read(response, bytes(0), () => Promise.resolve()),
          async (_passed, moved) => {
            metrics.importReceived(moved);
            await importRate.waitFor(moved, timely, tenant);
          },
        ),
      close: () => {
        response.close();
        return Promise.resolve();
      },
    };
  }
}
