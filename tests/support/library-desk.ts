import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProcessClock } from '../../src/adapters/clock/process-clock.ts';
import { DiskImageFiles } from '../../src/adapters/image-files/disk-image-files.ts';
import { PostgresTurns } from '../../src/adapters/postgres/turns.ts';
import { NodeRandom } from '../../src/adapters/random/node-random.ts';
import { AddToLibrary } from '../../src/application/library/add-to-library.ts';
import { PublishLibraryDrive } from '../../src/application/library/publish-library-drive.ts';
import { ReleaseWithdrawn } from '../../src/application/library/release-withdrawn.ts';
import { SyncLibrary } from '../../src/application/library/sync-library.ts';
import { HeldLeases } from '../../src/application/maintenance/held-leases.ts';
import { DownloadMedia } from '../../src/application/media/download-media.ts';
import { Intake } from '../../src/application/media/intake.ts';
import { Purge } from '../../src/application/media/purge.ts';
import type { ImageFile, ImageFiles } from '../../src/application/ports/image-files.ts';
import type { LibraryDrive, LibraryEntry } from '../../src/domain/library/library-drive.ts';
import type { InstanceId } from '../../src/domain/shared/ids.ts';
import { sha256 } from './byte-sources.ts';
import { libraryEntry } from './library.ts';
import { temporaryFolder } from './temporary-folder.ts';
import type { Yard } from './yard.ts';
import { anyDownloads } from './any-downloads.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Whoever publishes, put together as the program does it. */
export interface LibraryDesk {
  readonly sync: SyncLibrary;
  readonly add: AddToLibrary;
  readonly release: ReleaseWithdrawn;
  /** The files that were opened, in order. */
  readonly opened: readonly string[];
  /** Writes a file and answers what declares it, with whatever a test wants otherwise. */
  declare(content: Uint8Array, wanted?: Parameters<typeof libraryEntry>[0]): Promise<LibraryEntry>;
  /** What everybody sees. */
  shown(): Promise<readonly LibraryDrive[]>;
}

export async function openLibraryDesk({ work, depot, stores, pools }: Yard): Promise<LibraryDesk> {
  const folder = await temporaryFolder();
  const opened: string[] = [];
  const disk = new DiskImageFiles();
  const files: ImageFiles = {
    open: async (path): Promise<ImageFile> => {
      opened.push(path);
      return disk.open(path);
    },
  };
  const random = new NodeRandom();
  const leases = new HeldLeases(work, new ProcessClock(), { holder: randomUUID() as InstanceId, seconds: 60 });
  const purge = new Purge(work, stores, pools);
  const intake = new Intake(work, stores, pools, leases, purge, random, quiet);
  const download = new DownloadMedia(work, stores, anyDownloads(), false);
  const publish = new PublishLibraryDrive(work, intake, download, purge, files, random);
  const release = new ReleaseWithdrawn(work, purge, { wake: () => undefined }, quiet);
  const turns = new PostgresTurns(depot.pool);
  return {
    sync: new SyncLibrary(work, turns, publish, release, quiet),
    add: new AddToLibrary(work, turns, publish),
    release,
    opened,
    declare: async (content, wanted = {}) => {
      const path = join(folder, randomUUID());
      await writeFile(path, content);
      return libraryEntry({ sha256: sha256(content), source: { kind: 'file', path }, ...wanted });
    },
    shown: async () =>
      (await work.run(async (tx) => tx.library.search({ conditions: [], limit: null, offset: 0 }))).items,
  };
}
