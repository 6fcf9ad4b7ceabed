import type { Caller } from '../../domain/access/caller.ts';
import { isNarrowed, type ServerSearch } from '../../domain/servers/server.ts';
import type { LongList } from '../../domain/shared/page.ts';
import type { LongLists } from '../lists/long-lists.ts';
import { readInBatches } from '../lists/read-in-batches.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { serverViews, type ServerView } from './server-view.ts';

/** Lists the caller's servers. */
export class ListServers {
  readonly #work: UnitOfWork;
  readonly #lists: LongLists;

  constructor(work: UnitOfWork, lists: LongLists) {
    this.#work = work;
    this.#lists = lists;
  }

  async run(caller: Caller, search: ServerSearch): Promise<LongList<ServerView>> {
    const work = this.#work.onBehalfOf(caller);
    const ask: UnitOfWork['read'] = async (asking) => (isNarrowed(search) ? work.search(asking) : work.read(asking));
    return readInBatches(this.#lists, caller, search, {
      first: async (terms) =>
        ask(async (tx) => {
          const first = await tx.servers.search(caller.uuid, { ...search, ...terms });
          return { ...first, items: await serverViews(tx, caller, first.items) };
        }),
      behind: async (after, max) =>
        ask(async (tx) => {
          const batch = await tx.servers.searchBehind(caller.uuid, search, after, max);
          return { ...batch, items: await serverViews(tx, caller, batch.items) };
        }),
    });
  }
}
