import type { Knex } from 'knex';
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
import { PostgresTags } from './tags.ts';
import { PostgresUsage } from './usage.ts';
import { PostgresUsers } from './users.ts';

const MOST_TRIES = 5;

/** Transactions in PostgreSQL. */
export class PostgresUnitOfWork implements UnitOfWork {
  readonly #knex: Knex;
  readonly #ownWay: Way;

  /** `ownWay`: by which way this process does what nobody asked for over the network. */
  constructor(knex: Knex, ownWay: Way = 'system') {
    this.#knex = knex;
    this.#ownWay = ownWay;
  }

  async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#knex.transaction((transaction) => whole(transaction, this.#ownWay, work));
      } catch (error) {
        if (!isWorthRetrying(error) || tries === MOST_TRIES) throw translate(error);
      }
    }
  }
}

/** PostgreSQL undoes a transaction in which a statement failed, and answers its COMMIT without an error all the same. */
async function whole<T>(transaction: Knex.Transaction, ownWay: Way, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const failures: unknown[] = [];
  transaction.on('query-error', (error: unknown) => failures.push(error));
  const answer = await work(repositories(transaction, ownWay));
  if (failures.length > 0) throw failures[0];
  return answer;
}

function repositories(transaction: Knex.Transaction, ownWay: Way): Transaction {
  return {
    users: new PostgresUsers(transaction),
    profiles: new PostgresProfiles(transaction),
    groups: new PostgresGroups(transaction),
    grants: new PostgresGrants(transaction),
    authkeys: new PostgresAuthkeys(transaction),
    pools: new PostgresPools(transaction),
    assignments: new PostgresAssignments(transaction),
    usage: new PostgresUsage(transaction),
    media: new PostgresMedia(transaction),
    changes: new PostgresChanges(transaction),
    labels: new PostgresLabels(transaction),
    jobs: new PostgresJobs(transaction),
    library: new PostgresLibrary(transaction),
    licences: new PostgresLicences(transaction),
    servers: new PostgresServers(transaction),
    tags: new PostgresTags(transaction),
    examination: new PostgresExamination(transaction),
    audit: new PostgresAudit(transaction, ownWay),
    scrub: new PostgresScrub(transaction),
    moves: new PostgresMoves(transaction),
  };
}
