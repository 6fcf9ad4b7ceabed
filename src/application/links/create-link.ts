import type { Caller } from '../../domain/access/caller.ts';
import type { Link } from '../../domain/media/link.ts';
import { DomainError } from '../../domain/shared/domain-error.ts';
import type { LinkId, MediaId } from '../../domain/shared/ids.ts';
import { requireIdle } from '../drives/visible-media.ts';
import type { Random } from '../ports/random.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { requireLinkable, type LinkableFailure } from './require-linkable.ts';

export type CreateLinkFailure = LinkableFailure | 'too-many-possessions';

/** A link to create. */
export interface LinkOrder {
  /** How long it is valid. */
  readonly seconds: number;
  /** Addresses and networks in CIDR notation; all if empty. */
  readonly networks: readonly string[];
  readonly note: string;
}

/** A new link with its secret, which is not stored. */
export interface CreatedLink {
  readonly link: Link;
  readonly secret: string;
  /** The name of the item. */
  readonly fileName: string;
}

/** Creates links to finished items that the caller may change. */
export class CreateLink {
  readonly #work: UnitOfWork;
  readonly #random: Random;
  readonly #max: number;

  /** `max` is the maximum number of links of a user. */
  constructor(work: UnitOfWork, random: Random, max: number) {
    this.#work = work;
    this.#random = random;
    this.#max = max;
  }

  async run(caller: Caller, id: MediaId, { seconds, networks, note }: LinkOrder): Promise<CreatedLink> {
    const secret = this.#random.authkey();
    const hash = this.#random.hashOf(secret);
    const linkId = this.#random.uuid() as LinkId;
    return this.#work.onBehalfOf(caller).run(async (tx) => {
      const media = await requireLinkable(tx, caller, id);
      await requireIdle(tx, media, false);
      const terms = { id: linkId, hash, media: id, creator: caller.uuid, networks, note, seconds };
      const link = await tx.links.insert(terms, this.#max);
      if (link === null) throw new DomainError('too-many-possessions', { of: 'links', max: this.#max });
      const details = { link: linkId, seconds, networks: [...networks] };
      await tx.audit.record(caller, { action: 'link.create', media: id, details });
      return { link, secret, fileName: media.name };
    });
  }
}
