import { describeDamage, type Damage } from '../../domain/media/damage.ts';
import type { BlobId, MediaId, PoolId } from '../../domain/shared/ids.ts';

/**
 * What a scrub has to say of one blob: that it is damaged, or, where it was marked, that it is not
 * any more.
 */
export type Verdict = {
  readonly pool: PoolId;
  readonly blob: BlobId;
  /** Some media that need it. */
  readonly media: MediaId;
} & ({ readonly kind: 'bytes-damaged'; readonly damage: Damage } | { readonly kind: 'bytes-restored' });

/** A verdict in one sentence for the operator. */
export function sentenceFor(verdict: Verdict): string {
  const found = verdict.kind === 'bytes-damaged' ? describeDamage(verdict.damage) : 'are those that came in again';
  return `pool ${verdict.pool}: the bytes of media ${verdict.media} (blob ${verdict.blob}) ${found}`;
}
