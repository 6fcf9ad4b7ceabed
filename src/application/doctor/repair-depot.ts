import { SYSTEM, type AuditEvent } from '../../domain/audit/audit-event.ts';
import type { Purge } from '../media/purge.ts';
import type { BlobInventory, BlobStores } from '../ports/blob-store.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import type { Finding } from './finding.ts';

type FoundBlob = Extract<Finding, { readonly blob: unknown }>;
type RepairEvent = Omit<AuditEvent, 'action'>;

/** Applies the harmless remedies for findings. */
export class RepairDepot {
  readonly #work: UnitOfWork;
  readonly #stores: BlobStores<BlobInventory>;
  readonly #purge: Purge;

  constructor(work: UnitOfWork, stores: BlobStores<BlobInventory>, purge: Purge) {
    this.#work = work;
    this.#stores = stores;
    this.#purge = purge;
  }

  /**
   * For a finding that has a remedy and was just made. Idempotent.
   *
   * @throws `unavailable`
   */
  async run(finding: Finding): Promise<void> {
    switch (finding.kind) {
      case 'usage':
        return this.#work.run(async (tx) => {
          await tx.examination.recount(finding.pool, finding.group);
          const { pool, group, used, counted, usedItems, countedItems } = finding;
          const subject = { pool, ...(group === null ? {} : { group }) };
          await record(tx, { ...subject, details: { found: finding.kind, used, counted, usedItems, countedItems } });
        });
      case 'bytes-unowned':
        return this.#remove(finding);
      case 'half-written':
        if (!finding.owned) return this.#remove(finding);
        await this.#stores.of(finding.pool, finding.location).clear(finding.blob);
        return this.#work.run(async (tx) => record(tx, eventOf(finding)));
      default:
        throw new Error(`there is no remedy for ${finding.kind}`);
    }
  }

  /**
   * Gives the bytes a row first, so that no upload uses their id meanwhile, and a crash leaves them
   * to the sweeper.
   */
  async #remove(finding: FoundBlob): Promise<void> {
    const media = await this.#work.run(async (tx) => {
      const adopted = await tx.examination.adopt(finding.pool, finding.location, finding.blob);
      if (adopted !== null) await record(tx, eventOf(finding));
      return adopted;
    });
    if (media !== null) await this.#purge.run(media);
  }
}

function eventOf({ pool, kind, blob }: FoundBlob): RepairEvent {
  return { pool, details: { found: kind, blob } };
}

async function record(tx: Transaction, event: RepairEvent): Promise<void> {
  await tx.audit.record(SYSTEM, { action: 'pool.mend', ...event });
}
