import { describeDamage, type Damage } from '../../domain/media/damage.ts';
import type { BlobId, MediaId, PoolId } from '../../domain/shared/ids.ts';

/** The result of checking one blob: it is damaged, or it was marked and is intact again. */
export type Verdict = {
  readonly pool: PoolId;
  readonly blob: BlobId;
  /** One of the items that need it. */
  readonly media: MediaId;
} & ({ readonly kind: 'bytes-damaged'; readonly damage: Damage } | { readonly kind: 'bytes-restored' });

/** Describes a verdict in one sentence, for the operator. */
export function sentenceFor(verdict: Verdict): string {
  const found = verdict.kind === 'bytes-damaged' ? describeDamage(verdict.damage) : 'are those that came in again';
  return `pool ${verdict.pool}: the bytes of media ${verdict.media} (blob ${verdict.blob}) ${found}`;
}
