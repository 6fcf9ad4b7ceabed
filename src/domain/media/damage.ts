/**
 * What may be wrong with the bytes of a blob that nobody may change: they are not there, fewer or
 * more than came in, can't be read from what keeps them, or others than came in.
 */
export type Damage = 'missing' | 'too-few' | 'too-many' | 'unreadable' | 'different';

const DESCRIPTIONS = {
  missing: 'are not there',
  'too-few': 'are fewer than came in',
  'too-many': 'are more than came in',
  unreadable: 'can not be read',
  different: 'are not those that came in',
} as const satisfies Record<Damage, string>;

/** What is said of damaged bytes: the end of a sentence that begins with them. */
export function describeDamage(damage: Damage): string {
  return DESCRIPTIONS[damage];
}
