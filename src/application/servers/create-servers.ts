import type { AuditEvent } from '../../domain/audit/audit-event.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { requireWithin, type MaxPossessions } from '../../domain/access/possessions.ts';
import type { ServerDefinition } from '../../domain/servers/server.ts';
import type { ServerId, TagId } from '../../domain/shared/ids.ts';
import { requireName } from '../../domain/shared/name.ts';
import type { Random } from '../ports/random.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { setTags, type SetTagsFailure } from '../tags/set-tags.ts';
import { attach, type AttachFailure, type WantedAttachment } from './attach.ts';
import { serverView, type ServerView } from './server-view.ts';

/** A server to create. */
export type ServerOrder = ServerDefinition & {
  readonly attachments: readonly WantedAttachment[];
  /** Null for a string that cannot be a tag id. */
  readonly tags: readonly (TagId | null)[];
};

export type CreateServersFailure =
  'name-invalid' | 'user-not-found' | 'too-many-possessions' | 'definitions-too-large' | AttachFailure | SetTagsFailure;

/** Creates several servers, all of them or none. */
export class CreateServers {
  readonly #work: UnitOfWork;
  readonly #random: Random;
  readonly #max: MaxPossessions;

  constructor(work: UnitOfWork, random: Random, max: MaxPossessions) {
    this.#max = max;
    this.#work = work;
    this.#random = random;
  }

  /** Resolves with the servers, in the order of `orders`. */
  async run(caller: Caller, orders: readonly ServerOrder[]): Promise<readonly ServerView[]> {
    for (const { name } of orders) requireName(name);
    const planned = orders.map((order) => ({ id: this.#random.uuid() as ServerId, order }));
    return this.#work.onBehalfOf(caller).run(async (tx) => {
      requireWithin(this.#max, 'servers', await tx.users.countPossessions(caller, 'servers'), orders.length);
      for (const { id, order } of planned) await insert(tx, caller, id, order);
      await tx.definitions.requireRoom(caller.uuid);
      const attachmentEvents = await attach(
        tx,
        caller,
        planned.map(({ id, order }) => ({ server: { id, attachments: [] }, wanted: order.attachments })),
      );
      for (const { id, order } of planned) await setTags(tx, caller, order.tags, { kind: 'server', id });
      await tx.audit.record(
        caller,
        ...planned.map(({ id }): AuditEvent => ({ action: 'server.create', server: id })),
        ...attachmentEvents,
      );
      const views: ServerView[] = [];
      for (const { id } of planned) views.push(await serverView(tx, caller, id));
      return views;
    });
  }
}

async function insert(
  tx: Transaction,
  caller: Caller,
  id: ServerId,
  { name, cpu, memory, screenPassword, meta, otherFields }: ServerOrder,
): Promise<void> {
  await tx.servers.insert({ id, owner: caller.uuid, name, cpu, memory, screenPassword, meta, otherFields });
}
