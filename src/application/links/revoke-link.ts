import type { Caller } from '../../domain/access/caller.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { LinkId, MediaId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import type { LinkUses } from './link-uses.ts';
import { requireLinkable, type LinkableFailure } from './require-linkable.ts';

export type RevokeLinkFailure = LinkableFailure | 'link-not-found';

/** Revokes links of an item, also those of other users. */
export class RevokeLink {
  readonly #work: UnitOfWork;
  readonly #uses: LinkUses;

  constructor(work: UnitOfWork, uses: LinkUses) {
    this.#work = work;
    this.#uses = uses;
  }

  /** Bodies that the link serves end at once here, and within 10 s on other replicas. */
  async run(caller: Caller, media: MediaId, id: LinkId): Promise<void> {
    await this.#work.onBehalfOf(caller).run(async (tx) => {
      await requireLinkable(tx, caller, media);
      if (!(await tx.links.remove(media, id))) throw new DomainError('link-not-found');
      await tx.audit.record(caller, { action: 'link.revoke', media, details: { link: id } });
    });
    if (caller.rehearses !== true) this.#uses.end(id);
  }
}
