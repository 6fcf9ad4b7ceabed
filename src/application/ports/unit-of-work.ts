import type { Caller } from '../../domain/access/caller.ts';
import type { ApiTokenRepository } from './api-token-repository.ts';
import type { AssignmentRepository } from './assignment-repository.ts';
import type { AuditRepository } from './audit-repository.ts';
import type { AuthkeyRepository } from './authkey-repository.ts';
import type { CatalogueRepository } from './catalogue-repository.ts';
import type { ChangeRepository } from './change-repository.ts';
import type { ChunkRepository } from './chunk-repository.ts';
import type { DefinitionRepository } from './definition-repository.ts';
import type { ExaminationRepository } from './examination-repository.ts';
import type { GrantRepository } from './grant-repository.ts';
import type { GroupRepository } from './group-repository.ts';
import type { IdempotencyRepository } from './idempotency-repository.ts';
import type { LabelRepository } from './label-repository.ts';
import type { LedgerRepository } from './ledger-repository.ts';
import type { LibraryRepository } from './library-repository.ts';
import type { LicenceRepository } from './licence-repository.ts';
import type { ImportRepository } from './import-repository.ts';
import type { JobRepository } from './job-repository.ts';
import type { LoginSessionRepository } from './login-session-repository.ts';
import type { ItemMoveRepository } from './item-move-repository.ts';
import type { LinkRepository } from './link-repository.ts';
import type { MediaRepository } from './media-repository.ts';
import type { MoveRepository } from './move-repository.ts';
import type { PoolRepository } from './pool-repository.ts';
import type { ProfileRepository } from './profile-repository.ts';
import type { ProtectionRepository } from './protection-repository.ts';
import type { ScrubRepository } from './scrub-repository.ts';
import type { ServerRepository } from './server-repository.ts';
import type { SystemRepository } from './system-repository.ts';
import type { TagRepository } from './tag-repository.ts';
import type { TrashRepository } from './trash-repository.ts';
import type { UploadRepository } from './upload-repository.ts';
import type { UsageRepository } from './usage-repository.ts';
import type { UserRepository } from './user-repository.ts';

/** The repositories of one transaction. There is no other way to a repository. */
export interface Transaction {
  readonly users: UserRepository;
  readonly profiles: ProfileRepository;
  readonly groups: GroupRepository;
  readonly grants: GrantRepository;
  readonly authkeys: AuthkeyRepository;
  readonly apiTokens: ApiTokenRepository;
  readonly loginSessions: LoginSessionRepository;
  readonly pools: PoolRepository;
  readonly assignments: AssignmentRepository;
  readonly usage: UsageRepository;
  readonly ledger: LedgerRepository;
  readonly media: MediaRepository;
  readonly catalogue: CatalogueRepository;
  readonly changes: ChangeRepository;
  readonly labels: LabelRepository;
  readonly definitions: DefinitionRepository;
  readonly jobs: JobRepository;
  readonly imports: ImportRepository;
  readonly library: LibraryRepository;
  readonly licences: LicenceRepository;
  readonly servers: ServerRepository;
  readonly tags: TagRepository;
  readonly examination: ExaminationRepository;
  readonly audit: AuditRepository;
  readonly scrub: ScrubRepository;
  readonly moves: MoveRepository;
  readonly itemMoves: ItemMoveRepository;
  readonly uploads: UploadRepository;
  readonly chunks: ChunkRepository;
  readonly protections: ProtectionRepository;
  readonly trash: TrashRepository;
  readonly links: LinkRepository;
  readonly idempotencyKeys: IdempotencyRepository;
  readonly system: SystemRepository;
}

/** Runs work in transactions. */
export interface UnitOfWork {
  /**
   * Runs `work` in one transaction (READ COMMITTED) and commits it: once it resolves with the
   * result of `work`, all changes are durable. May run `work` again from the start, after a
   * serialization failure or a deadlock: `work` must use nothing but `tx`, and no bytes or network
   * traffic move inside it.
   *
   * Locks are taken in this order by every use case: definitions and possessions of a user → server
   * or tag → groups (key share; for update to remove one) by ascending id → media → blob →
   * attachments → by ascending pool: usage rows from the leaf to the root, then the pool.
   *
   * A statement without a result may be sent without waiting for it: it runs before later
   * statements and before COMMIT, and if it fails, the transaction fails.
   *
   * @throws what `work` threw, after a rollback
   * @throws DomainError `unavailable` when the database cannot be reached in time, or the
   *   connection breaks during COMMIT. Then the outcome is unknown and `work` is not run again: ask
   *   the database in a new transaction.
   */
  run<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;

  /**
   * As `run`, for work of one statement, whose result it awaits: without the round trips of a
   * transaction. After `unavailable` the outcome is unknown.
   *
   * @throws Error at a second statement; the first one is committed
   */
  runStatement<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;

  /**
   * Runs queries outside a transaction: as `run`, for work that neither changes nor locks rows,
   * without the round trips of a transaction. Each statement sees what is committed when it starts.
   *
   * @throws Error when a statement is not a query
   * @throws DomainError `unavailable` as `run`
   */
  read<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;

  /** As `read`, but all statements see what is committed when the first one starts. */
  snapshot<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;

  /**
   * As `read`, for queries whose cost the client decides: on connections of their own, with a limit
   * of 2 s per statement.
   *
   * @throws DomainError `search-too-broad` when a statement takes longer
   */
  search<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;

  /**
   * Returns this unit of work within the share of the caller: no user and no tenant uses more than
   * a quarter of the connections at once. Further work queues; the tenant with the fewest
   * connections is next. In it, a caller with a token for some groups holds permissions only there,
   * and the transactions of a caller that rehearses are rolled back after `work` resolved. Requests
   * that only have to complete begun work need no share.
   *
   * @throws DomainError `unavailable` from its methods, when the work queued for 5 s
   */
  onBehalfOf(caller: Caller): UnitOfWork;
}
