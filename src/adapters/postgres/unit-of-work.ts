import type { Pool } from 'pg';
import type { Transaction, UnitOfWork } from '../../application/ports/unit-of-work.ts';
import type { Way } from '../../domain/audit/deed.ts';
import { PostgresAssignments } from './assignments.ts';
import { PostgresAudit } from './audit.ts';
import { PostgresAuthkeys } from './authkeys.ts';
import { PostgresChanges } from './changes.ts';
import { PostgresExamination } from './examination.ts';
import { isWorthRetrying, translate } from './failures.ts';
import { PostgresGrants } from './grants.ts';
import { PostgresGroups } from './groups.ts';
import { PostgresLabels } from './labels.ts';
import { PostgresLibrary } from './library.ts';
import { PostgresLicences } from './licences.ts';
import { PostgresJobs } from './jobs.ts';
import { PostgresMedia } from './media.ts';
import { PostgresMoves } from './moves.ts';
import { PostgresPools } from './pools.ts';
import { PostgresProfiles } from './profiles.ts';
import { PostgresScrub } from './scrub.ts';
import { PostgresServers } from './servers.ts';
import { ReadingSession, type Session } from './session.ts';
import { PostgresTags } from './tags.ts';
import { inTransaction, withConnection } from './transaction.ts';
import { PostgresUsage } from './usage.ts';
import { PostgresUsers } from './users.ts';

const MOST_TRIES = 5;

/** Transactions in PostgreSQL. */
export class PostgresUnitOfWork implements UnitOfWork {
  readonly #pool: Pool;
  readonly #ownWay: Way;

  /** `ownWay`: by which way this process does what nobody asked for over the network. */
  constructor(pool: Pool, ownWay: Way = 'system') {
    this.#pool = pool;
    this.#ownWay = ownWay;
  }

  async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await inTransaction(this.#pool, async (session) => work(repositories(session, this.#ownWay)));
      } catch (error) {
        if (!isWorthRetrying(error) || tries === MOST_TRIES) throw translate(error);
      }
    }
  }

  async read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await withConnection(this.#pool, async (client) =>
        work(repositories(new ReadingSession(client), this.#ownWay)),
      );
    } catch (error) {
      throw translate(error);
    }
  }
}

function repositories(session: Session, ownWay: Way): Transaction {
  return {
    users: new PostgresUsers(session),
    profiles: new PostgresProfiles(session),
    groups: new PostgresGroups(session),
    grants: new PostgresGrants(session),
    authkeys: new PostgresAuthkeys(session),
    pools: new PostgresPools(session),
    assignments: new PostgresAssignments(session),
    usage: new PostgresUsage(session),
    media: new PostgresMedia(session),
    changes: new PostgresChanges(session),
    labels: new PostgresLabels(session),
    jobs: new PostgresJobs(session),
    library: new PostgresLibrary(session),
    licences: new PostgresLicences(session),
    servers: new PostgresServers(session),
    tags: new PostgresTags(session),
    examination: new PostgresExamination(session),
    audit: new PostgresAudit(session, ownWay),
    scrub: new PostgresScrub(session),
    moves: new PostgresMoves(session),
  };
}
