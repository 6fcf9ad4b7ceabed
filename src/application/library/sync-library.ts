import { SYSTEM } from '../../domain/audit/audit-event.ts';
import type { LibraryEntry } from '../../domain/library/library-drive.ts';
import { planLibrary, type LibraryPlan } from '../../domain/library/library-plan.ts';
import type { DeclaredLicence } from '../../domain/library/licence.ts';
import type { Log } from '../ports/log.ts';
import type { NamedLocks } from '../ports/named-locks.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { reportOf, type FaultReport } from './library-fault.ts';
import type { PublishLibraryDrive, ReportProgress } from './publish-library-drive.ts';
import type { ReleaseWithdrawn } from './release-withdrawn.ts';

/** The library as the operator declares it. */
export interface DeclaredLibrary {
  readonly licences: readonly DeclaredLicence[];
  readonly entries: readonly LibraryEntry[];
}

/** The number of library drives by what was done with them. */
export interface SyncReport {
  readonly unchanged: number;
  readonly updated: number;
  readonly published: number;
  readonly withdrawn: number;
  /** Drives and licences that differ from their declaration. */
  readonly faults: readonly FaultReport[];
}

const UUID_IN_USE = 'its uuid names other bytes already: give the new image a new uuid';

interface Dependencies {
  readonly work: UnitOfWork;
  readonly locks: NamedLocks;
  readonly publish: PublishLibraryDrive;
  readonly release: ReleaseWithdrawn;
  readonly log: Log;
}

/**
 * Makes the library equal to its declaration. After an interruption, the next run does the rest.
 * Idempotent.
 */
export class SyncLibrary {
  readonly #work: UnitOfWork;
  readonly #locks: NamedLocks;
  readonly #publish: PublishLibraryDrive;
  readonly #release: ReleaseWithdrawn;
  readonly #log: Log;

  constructor({ work, locks, publish, release, log }: Dependencies) {
    this.#work = work;
    this.#locks = locks;
    this.#publish = publish;
    this.#release = release;
    this.#log = log;
  }

  /**
   * Runs on one replica at a time. Reports a drive that cannot be published and continues with the
   * others. Calls `beforeImports` when only drives that come from URLs are left, which may take
   * hours.
   *
   * @throws the signal's reason, or `unavailable` without the database; completed steps stay
   */
  async run(
    declared: DeclaredLibrary,
    report: ReportProgress,
    signal: AbortSignal,
    beforeImports: () => void = () => undefined,
  ): Promise<SyncReport> {
    return this.#locks.withLock('library', signal, () => this.#pass(declared, report, signal, beforeImports));
  }

  async #pass(
    { licences, entries }: DeclaredLibrary,
    report: ReportProgress,
    signal: AbortSignal,
    beforeImports: () => void,
  ): Promise<SyncReport> {
    const licenceFaults = await this.#declare(licences);
    const plan = planLibrary(entries, await this.#work.run((tx) => tx.library.records()));
    // A withdrawn drive that is declared again must be published before withdrawn drives are
    // removed.
    const updateFaults = await this.#updateAll(plan);
    await this.#withdraw(plan);
    const faults = [
      ...licenceFaults,
      ...updateFaults,
      ...plan.refused.map(({ facts }) => reportOf(facts.name, new Error(UUID_IN_USE))),
    ];
    const isImport = ({ source }: LibraryEntry): boolean => source.kind === 'url';
    const here = plan.publish.filter((entry) => !isImport(entry));
    const publishFaults = [...(await this.#publishAll(here, report, signal))];
    beforeImports();
    publishFaults.push(...(await this.#publishAll(plan.publish.filter(isImport), report, signal)));
    faults.push(...publishFaults);
    // Publishing has withdrawn the former drives of the same keys.
    await this.#release.run();
    await this.#work.run((tx) => tx.licences.forgetUnneeded());
    for (const { name, reason } of faults) this.#log.warn({ name, reason }, 'not published in the library');
    return {
      unchanged: plan.unchanged.length,
      updated: plan.update.length - updateFaults.length,
      published: plan.publish.length - publishFaults.length,
      withdrawn: plan.withdraw.length,
      faults,
    };
  }

  /**
   * The number of a licence may still belong to one that is no longer declared but needed by an
   * item.
   */
  async #declare(licences: readonly DeclaredLicence[]): Promise<readonly FaultReport[]> {
    return this.#work.run(async (tx) => {
      await tx.licences.forgetUnneeded();
      const names = new Set(licences.map(({ name }) => name));
      const others = (await tx.licences.all()).filter(({ name }) => !names.has(name));
      const isFree = ({ number }: DeclaredLicence): boolean => !others.some((licence) => licence.number === number);
      await tx.licences.declare(licences.map((licence) => (isFree(licence) ? licence : { ...licence, number: null })));
      return licences
        .filter((licence) => !isFree(licence))
        .map(({ name, number }) =>
          reportOf(name, new Error(`the number ${String(number)} belongs to a licence that media still need`)),
        );
    });
  }

  /** A withdrawn drive may be removed at this moment; then the next run publishes it anew. */
  async #updateAll({ update }: LibraryPlan): Promise<readonly FaultReport[]> {
    const faults: FaultReport[] = [];
    for (const { id, entry } of update) {
      const exists = await this.#work.run(async (tx) => {
        if ((await tx.media.lock(id))?.state !== 'ready') return false;
        await tx.library.publish(id, entry);
        await tx.licences.bind(id, entry.licences);
        await tx.audit.record(SYSTEM, { action: 'library.update', media: id, details: { name: entry.facts.name } });
        return true;
      });
      if (!exists) faults.push({ name: entry.facts.name, reason: 'it is being removed at this moment', mayPass: true });
    }
    return faults;
  }

  async #withdraw({ withdraw }: LibraryPlan): Promise<void> {
    for (const id of withdraw) {
      await this.#work.run(async (tx) => {
        await tx.library.withdraw(id);
        await tx.audit.record(SYSTEM, { action: 'library.withdraw', media: id });
      });
      this.#log.info({ media: id }, 'withdrew a library drive');
    }
    // Before new drives are stored, because they may need the space.
    await this.#release.run();
  }

  async #publishAll(
    entries: readonly LibraryEntry[],
    report: ReportProgress,
    signal: AbortSignal,
  ): Promise<readonly FaultReport[]> {
    const faults: FaultReport[] = [];
    for (const entry of entries) {
      try {
        const id = await this.#publish.run(entry, report, signal);
        this.#log.info({ media: id, name: entry.facts.name }, 'published a library drive');
      } catch (error) {
        signal.throwIfAborted();
        faults.push(reportOf(entry.facts.name, error));
      }
    }
    return faults;
  }
}
