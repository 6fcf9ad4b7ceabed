import { keyOf, type LibraryEntry } from '../../domain/library/library-drive.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import type { NamedLocks } from '../ports/named-locks.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { LibraryFault } from './library-fault.ts';
import type { PublishLibraryDrive, ReportProgress } from './publish-library-drive.ts';

/**
 * Publishes one library drive in addition to the existing ones. The next application of a library
 * file that does not declare it withdraws it.
 */
export class AddToLibrary {
  readonly #work: UnitOfWork;
  readonly #locks: NamedLocks;
  readonly #publish: PublishLibraryDrive;

  constructor(work: UnitOfWork, locks: NamedLocks, publish: PublishLibraryDrive) {
    this.#work = work;
    this.#locks = locks;
    this.#publish = publish;
  }

  /**
   * @throws what `PublishLibraryDrive` throws, and `LibraryFault` if the drive needs an unknown
   *   licence or has the key of another drive
   */
  async run(entry: LibraryEntry, report: ReportProgress, signal: AbortSignal): Promise<MediaId> {
    return this.#locks.withLock('library', signal, async () => {
      await this.#requirePublishable(entry);
      return this.#publish.run(entry, report, signal);
    });
  }

  async #requirePublishable(entry: LibraryEntry): Promise<void> {
    const { licences, records } = await this.#work.run(async (tx) => ({
      licences: await tx.licences.all(),
      records: await tx.library.records(),
    }));
    const unknown = entry.licences.find(({ licence }) => !licences.some(({ name }) => name === licence));
    if (unknown !== undefined) throw new LibraryFault(`there is no licence ${unknown.licence}`);
    if (records.some(({ stage, key }) => stage === 'published' && key === keyOf(entry))) {
      throw new LibraryFault(`the library has "${keyOf(entry)}" already: give this one a uuid of its own`);
    }
  }
}
