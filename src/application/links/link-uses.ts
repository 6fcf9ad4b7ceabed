import { DomainError } from '../../domain/shared/domain-error.ts';
import type { LinkId } from '../../domain/shared/ids.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';

/** One request that a link serves. */
export interface RunningUse {
  /** Aborts when the link is revoked or has expired. */
  readonly signal: AbortSignal;
  /** Counts bytes that were sent. */
  count(bytes: number): void;
  /** Ends the use. Its bytes are recorded by the next `check`. */
  end(): void;
}

interface Use {
  readonly link: LinkId;
  readonly abort: AbortController;
  /** Not yet recorded. */
  bytes: number;
  hasEnded: boolean;
}

/** The requests that this process serves by links. Ends those whose links were revoked. */
export class LinkUses {
  readonly #work: UnitOfWork;
  readonly #uses = new Set<Use>();

  constructor(work: UnitOfWork) {
    this.#work = work;
  }

  begin(link: LinkId): RunningUse {
    const use: Use = { link, abort: new AbortController(), bytes: 0, hasEnded: false };
    this.#uses.add(use);
    return {
      signal: use.abort.signal,
      count: (bytes) => (use.bytes += bytes),
      end: () => (use.hasEnded = true),
    };
  }

  /** Ends all uses of a link. */
  end(link: LinkId): void {
    for (const use of this.#uses) if (use.link === link) use.abort.abort(new DomainError('link-not-found'));
  }

  /**
   * Records the uses since the last call, with one statement, and ends those whose links are not
   * valid any more. Run it every few seconds.
   *
   * @throws `unavailable`; then the next call records them
   */
  async check(): Promise<void> {
    const uses = [...this.#uses];
    if (uses.length === 0) return;
    const counted = uses.map((use) => ({ use, bytes: use.bytes, hasEnded: use.hasEnded }));
    const bytesOf = new Map<LinkId, number>();
    for (const { use, bytes } of counted) bytesOf.set(use.link, (bytesOf.get(use.link) ?? 0) + bytes);
    const valid = await this.#work.run((tx) => tx.links.recordUses([...bytesOf].map(([id, bytes]) => ({ id, bytes }))));
    for (const { use, bytes, hasEnded } of counted) {
      use.bytes -= bytes;
      if (hasEnded) this.#uses.delete(use);
    }
    for (const link of bytesOf.keys()) if (!valid.has(link)) this.end(link);
  }
}
