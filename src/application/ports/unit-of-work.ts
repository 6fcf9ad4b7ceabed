import type { Caller } from '../../domain/access/caller.ts';
import type { AssignmentRepository } from './assignment-repository.ts';
import type { AuditRepository } from './audit-repository.ts';
import type { AuthkeyRepository } from './authkey-repository.ts';
import type { ChangeRepository } from './change-repository.ts';
import type { DefinitionRepository } from './definition-repository.ts';
import type { ExaminationRepository } from './examination-repository.ts';
import type { GrantRepository } from './grant-repository.ts';
import type { GroupRepository } from './group-repository.ts';
import type { LabelRepository } from './label-repository.ts';
import type { LibraryRepository } from './library-repository.ts';
import type { LicenceRepository } from './licence-repository.ts';
import type { JobRepository } from './job-repository.ts';
import type { MediaRepository } from './media-repository.ts';
import type { MoveRepository } from './move-repository.ts';
import type { PoolRepository } from './pool-repository.ts';
import type { ProfileRepository } from './profile-repository.ts';
import type { ScrubRepository } from './scrub-repository.ts';
import type { ServerRepository } from './server-repository.ts';
import type { TagRepository } from './tag-repository.ts';
import type { UploadRepository } from './upload-repository.ts';
import type { UsageRepository } from './usage-repository.ts';
import type { UserRepository } from './user-repository.ts';

/** The only way to a repository, for as long as one transaction lasts. */
export interface Transaction {
  readonly users: UserRepository;
  readonly profiles: ProfileRepository;
  readonly groups: GroupRepository;
  readonly grants: GrantRepository;
  readonly authkeys: AuthkeyRepository;
  readonly pools: PoolRepository;
  readonly assignments: AssignmentRepository;
  readonly usage: UsageRepository;
  readonly media: MediaRepository;
  readonly changes: ChangeRepository;
  readonly labels: LabelRepository;
  readonly definitions: DefinitionRepository;
  readonly jobs: JobRepository;
  readonly library: LibraryRepository;
  readonly licences: LicenceRepository;
  readonly servers: ServerRepository;
  readonly tags: TagRepository;
  readonly examination: ExaminationRepository;
  readonly audit: AuditRepository;
  readonly scrub: ScrubRepository;
  readonly moves: MoveRepository;
  readonly uploads: UploadRepository;
}

export interface UnitOfWork {
  /**
   * Promises that everything `work` did through `tx` happened, all of it and durably, when this
   * resolves with what `work` returned. Isolation is READ COMMITTED. `work` may be run again from
   * its beginning after a serialization failure or a deadlock, so it does nothing but talk to `tx`:
   * bytes and network never move inside.
   *
   * Locks are taken in this order, whatever the use case: definitions and possessions of a user →
   * server or tag → groups (key share; for update to remove one) by ascending id → media → blob →
   * attachments → pool by pool in ascending order: usage rows from the leaf to the root, then the
   * pool.
   *
   * What answers nothing may be carried out behind `work`'s back, but before whatever is asked
   * after it, and before COMMIT: should it fail, all fails.
   *
   * Fails with what `work` threw, after undoing everything; with `unavailable` when the database
   * can't be reached, in time or at all. When the connection breaks during COMMIT nobody knows
   * whether the work was done: that is `unavailable` too, and never tried again here; whoever must
   * know asks in a new transaction.
   */
  run<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;

  /**
   * For work that changes nothing and locks nothing: every question sees what is committed by then,
   * as in `run`, without the round trips that a transaction takes. Fails where a statement is more
   * than a question, and as `run` when the database can't be reached.
   */
  read<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;

  /**
   * As `read`, for questions whose cost the client decides: with connections of their own, so that
   * they take none from other work, and with 2 s for each statement.
   *
   * @throws `search-too-broad` when a statement takes longer
   */
  search<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;

  /**
   * The same, within the caller's share: no user and no tenant holds more than a quarter of the
   * connections at once. Work beyond that waits in a line, in which the tenant that holds fewest is
   * next, and fails with `unavailable` when it waited for 5 s. What a request has begun, and only
   * has to bring to its end, needs no share.
   */
  onBehalfOf(caller: Caller): UnitOfWork;
}
