import type { Caller } from '../../domain/access/caller.ts';
import { isNarrowed, type ServerSearch } from '../../domain/servers/server.ts';
import type { Page } from '../../domain/shared/page.ts';
import type { Transaction, UnitOfWork } from '../ports/unit-of-work.ts';
import { serverViews, type ServerView } from './server-view.ts';

/** The servers that somebody made. */
export class ListServers {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, search: ServerSearch): Promise<Page<ServerView>> {
    const work = this.#work.onBehalfOf(caller);
    const list = async (tx: Transaction): Promise<Page<ServerView>> => {
      const { total, items } = await tx.servers.search(caller.uuid, search);
      return { total, items: await serverViews(tx, caller, items) };
    };
    return isNarrowed(search) ? work.search(list) : work.read(list);
  }
}
