/**
 * Returns the names of the fields that a change sets. Their values are not recorded, for privacy.
 */
export function changedFields(changes: object): readonly string[] {
  return Object.entries(changes).flatMap(([name, change]) => (change === undefined ? [] : [name]));
}
