/**
 * The kinds of damage to the blob of a read-only item: it does not exist, is shorter or longer than
 * the received bytes, cannot be read, or has a different digest.
 */
export type Damage = 'missing' | 'too-few' | 'too-many' | 'unreadable' | 'different';

const DESCRIPTIONS = {
  missing: 'are not there',
  'too-few': 'are fewer than came in',
  'too-many': 'are more than came in',
  unreadable: 'can not be read',
  different: 'are not those that came in',
} as const satisfies Record<Damage, string>;

/** Returns a predicate for a sentence about the bytes, such as "the bytes are not there". */
export function describeDamage(damage: Damage): string {
  return DESCRIPTIONS[damage];
}
