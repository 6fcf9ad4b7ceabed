import { AddToLibrary } from '../../application/library/add-to-library.ts';
import { LibraryImages } from '../../application/library/library-images.ts';
import { PublishLibraryDrive } from '../../application/library/publish-library-drive.ts';
import { ReleaseWithdrawn } from '../../application/library/release-withdrawn.ts';
import { SyncLibrary } from '../../application/library/sync-library.ts';
import type { Services } from './tokens.ts';

export interface LibraryUseCases {
  readonly addToLibrary: AddToLibrary;
  readonly releaseWithdrawn: ReleaseWithdrawn;
  readonly syncLibrary: SyncLibrary;
}

/** Creates the use cases that change the library. */
export function libraryUseCases(services: Services): LibraryUseCases {
  const { work, upkeepWork, locks, purge, removals, log, ingest, random } = services;
  const { download, files, importSource, importRate, metrics, config } = services;
  const { importsAreOn } = config;
  const images = new LibraryImages({ download, files, importSource, importRate, metrics, importsAreOn });
  const publish = new PublishLibraryDrive({ work, ingest, images, purge, random });
  const release = new ReleaseWithdrawn({ work: upkeepWork, purge, removals, log });
  return {
    addToLibrary: new AddToLibrary(work, locks, publish),
    releaseWithdrawn: release,
    syncLibrary: new SyncLibrary({ work, locks, publish, release, log }),
  };
}
