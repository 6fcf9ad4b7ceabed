import type { Caller } from '../../domain/access/caller.ts';
import type { ServerId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { serverView, type ServerView } from './server-view.ts';

export type ViewServerFailure = 'server-not-found';

/** Shows one of the caller's servers. */
export class ViewServer {
  readonly #work: UnitOfWork;

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  /** `id` is null for a string that cannot be an id. */
  async run(caller: Caller, id: ServerId | null): Promise<ServerView> {
    return this.#work.onBehalfOf(caller).read(async (tx) => serverView(tx, caller, id));
  }
}
