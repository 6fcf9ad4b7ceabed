import type { Caller } from '../../domain/access/caller.ts';
import type { ServerSearch } from '../../domain/servers/server.ts';
import type { Page } from '../../domain/shared/page.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { serverViews, type ServerView } from './server-view.ts';

/** The servers that somebody made. */
export class ListServers {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  async run(caller: Caller, search: ServerSearch): Promise<Page<ServerView>> {
    return this.#work.read(async (tx) => {
      const { total, items } = await tx.servers.search(caller.uuid, search);
      return { total, items: await serverViews(tx, caller, items) };
    });
  }
}
