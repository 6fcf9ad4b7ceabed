import { AddToLibrary } from '../../application/library/add-to-library.ts';
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
  const { work, upkeepWork, locks, purge, removals, log } = services;
  const publish = new PublishLibraryDrive(services);
  const release = new ReleaseWithdrawn({ work: upkeepWork, purge, removals, log });
  return {
    addToLibrary: new AddToLibrary(work, locks, publish),
    releaseWithdrawn: release,
    syncLibrary: new SyncLibrary({ work, locks, publish, release, log }),
  };
}
