import type { Pool } from 'pg';
import type { AuditEventFilter } from '../../application/ports/audit-repository.ts';
import type { ConnectionShares } from '../../application/ports/connection-shares.ts';
import type { Transaction, UnitOfWork } from '../../application/ports/unit-of-work.ts';
import type { Caller } from '../../domain/access/caller.ts';
import type { OwnChannel } from '../../domain/audit/audit-event.ts';
import { PostgresApiTokens } from './api-tokens.ts';
import { PostgresAssignments } from './assignments.ts';
import { PostgresAudit } from './audit.ts';
import { PostgresAuthkeys } from './authkeys.ts';
import { PostgresCatalogue } from './catalogue.ts';
import { PostgresChanges } from './changes.ts';
import { PostgresChunks } from './chunks.ts';
import { PostgresDefinitions } from './definitions.ts';
import { PostgresExamination } from './examination.ts';
import { isWorthRetrying, translate, translateSearch } from './failures.ts';
import { PostgresGrants } from './grants.ts';
import { PostgresGroups } from './groups.ts';
import { PostgresIdempotencyKeys } from './idempotency-keys.ts';
import { PostgresLabels } from './labels.ts';
import { PostgresLedger } from './ledger.ts';
import { PostgresLibrary } from './library.ts';
import { PostgresLicences } from './licences.ts';
import { PostgresLinks } from './links.ts';
import { PostgresItemMoves } from './item-moves.ts';
import { PostgresImports } from './imports.ts';
import { PostgresJobs } from './jobs.ts';
import { PostgresLoginSessions } from './login-sessions.ts';
import { PostgresMedia } from './media.ts';
import { PostgresMoves } from './moves.ts';
import { PostgresPools } from './pools.ts';
import { PostgresProfiles } from './profiles.ts';
import { PostgresProtections } from './protections.ts';
import { reachedTransaction } from './reached-transaction.ts';
import { PostgresScrub } from './scrub.ts';
import { PostgresServers } from './servers.ts';
import { ReadingSession, StatementSession, type Session } from './session.ts';
import { PostgresSystem } from './system.ts';
import { PostgresTags } from './tags.ts';
import { BEGIN_SNAPSHOT, inTransaction, withConnection } from './transaction.ts';
import { PostgresTrash } from './trash.ts';
import { PostgresUploads } from './uploads.ts';
import { PostgresUsage } from './usage.ts';
import { PostgresUsers } from './users.ts';

const MAX_ATTEMPTS = 5;

/** Options of the unit of work. */
export interface UnitOfWorkOptions {
  /** The channel of events without an origin; `system` by default. */
  readonly ownChannel?: OwnChannel;
  /** How many items a group and its descendants may have in one pool; default unlimited. */
  readonly maxItems?: number;
  /** How many bytes of JSON the definitions of a user may have in total; default unlimited. */
  readonly maxDefinitionBytes?: number;
  /** Selects the events to record; default all. */
  readonly eventFilter?: AuditEventFilter;
  /** The connections of searches; default the shared ones. */
  readonly searches?: Pool;
  /** How callers share the connections; default unlimited. */
  readonly shares?: ConnectionShares;
  /** How callers share the connections of searches; default as `shares`. */
  readonly searchShares?: ConnectionShares;
}

const EVERYTHING: AuditEventFilter = { toWrite: (_by, events) => events };

const UNSHARED: ConnectionShares = { within: async (_caller, work) => work() };

/** Runs units of work in PostgreSQL. */
export class PostgresUnitOfWork implements UnitOfWork {
  readonly #pool: Pool;
  readonly #searches: Pool;
  readonly #ownChannel: OwnChannel;
  readonly #shares: ConnectionShares;
  readonly #searchShares: ConnectionShares;
  readonly #maxItems: number;
  readonly #maxDefinitionBytes: number;
  readonly #eventFilter: AuditEventFilter;

  constructor(
    pool: Pool,
    {
      ownChannel = 'system',
      maxItems = Number.MAX_SAFE_INTEGER,
      maxDefinitionBytes = Number.MAX_SAFE_INTEGER,
      eventFilter: eventFilter = EVERYTHING,
      searches = pool,
      shares = UNSHARED,
      searchShares = shares,
    }: UnitOfWorkOptions = {},
  ) {
    this.#pool = pool;
    this.#searches = searches;
    this.#ownChannel = ownChannel;
    this.#maxItems = maxItems;
    this.#maxDefinitionBytes = maxDefinitionBytes;
    this.#eventFilter = eventFilter;
    this.#shares = shares;
    this.#searchShares = searchShares;
  }

  async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#retrying(async () => inTransaction(this.#pool, async (session) => work(this.#repositories(session))));
  }

  async runStatement<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#retrying(async () =>
      withConnection(this.#pool, async (client) => work(this.#repositories(new StatementSession(client)))),
    );
  }

  async #retrying<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!isWorthRetrying(error) || tries === MAX_ATTEMPTS) throw translate(error);
      }
    }
  }

  async #runFor<T>(caller: Caller, work: (tx: Transaction) => Promise<T>): Promise<T> {
    if (caller.rehearses !== true) return this.run(work);
    const rehearsed: { result?: T } = {};
    const rollback = new Error('a rehearsal is rolled back');
    try {
      return await this.run(async (tx) => {
        rehearsed.result = await work(tx);
        throw rollback;
      });
    } catch (error) {
      if (error !== rollback) throw error;
      return rehearsed.result as T;
    }
  }

  async read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await this.#ask(this.#pool, work);
    } catch (error) {
      throw translate(error);
    }
  }

  async snapshot<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await inTransaction(this.#pool, async (session) => work(this.#repositories(session)), BEGIN_SNAPSHOT);
    } catch (error) {
      throw translate(error);
    }
  }

  async search<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await this.#ask(this.#searches, work);
    } catch (error) {
      throw translateSearch(error);
    }
  }

  onBehalfOf(caller: Caller): UnitOfWork {
    const reached =
      <T>(work: (tx: Transaction) => Promise<T>) =>
      async (tx: Transaction): Promise<T> =>
        work(reachedTransaction(tx, caller));
    return {
      run: async (work) => this.#shares.within(caller, async () => this.#runFor(caller, reached(work))),
      runStatement: async (work) =>
        this.#shares.within(caller, async () =>
          caller.rehearses === true ? this.#runFor(caller, reached(work)) : this.runStatement(reached(work)),
        ),
      read: async (work) => this.#shares.within(caller, async () => this.read(reached(work))),
      snapshot: async (work) => this.#shares.within(caller, async () => this.snapshot(reached(work))),
      search: async (work) => this.#searchShares.within(caller, async () => this.search(reached(work))),
      onBehalfOf: (other) => this.onBehalfOf(other),
    };
  }

  async #ask<T>(pool: Pool, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return withConnection(pool, async (client) => {
      const session = new ReadingSession(client);
      try {
        return await work(this.#repositories(session));
      } finally {
        await session.ended();
      }
    });
  }

  #repositories(session: Session): Transaction {
    return {
      users: new PostgresUsers(session),
      profiles: new PostgresProfiles(session),
      groups: new PostgresGroups(session),
      grants: new PostgresGrants(session),
      authkeys: new PostgresAuthkeys(session),
      apiTokens: new PostgresApiTokens(session),
      loginSessions: new PostgresLoginSessions(session),
      pools: new PostgresPools(session),
      assignments: new PostgresAssignments(session),
      usage: new PostgresUsage(session, this.#maxItems),
      ledger: new PostgresLedger(session),
      media: new PostgresMedia(session),
      catalogue: new PostgresCatalogue(session),
      changes: new PostgresChanges(session),
      labels: new PostgresLabels(session),
      definitions: new PostgresDefinitions(session, this.#maxDefinitionBytes),
      jobs: new PostgresJobs(session),
      imports: new PostgresImports(session),
      library: new PostgresLibrary(session),
      licences: new PostgresLicences(session),
      servers: new PostgresServers(session),
      tags: new PostgresTags(session),
      examination: new PostgresExamination(session),
      audit: new PostgresAudit(session, this.#ownChannel, this.#eventFilter),
      scrub: new PostgresScrub(session),
      moves: new PostgresMoves(session),
      itemMoves: new PostgresItemMoves(session),
      uploads: new PostgresUploads(session),
      chunks: new PostgresChunks(session),
      protections: new PostgresProtections(session),
      trash: new PostgresTrash(session),
      links: new PostgresLinks(session),
      idempotencyKeys: new PostgresIdempotencyKeys(session),
      system: new PostgresSystem(session),
    };
  }
}
