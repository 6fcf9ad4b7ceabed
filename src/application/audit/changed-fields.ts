/** The names of what is to be changed, without what it becomes: that is nobody's business later. */
export function changedFields(changes: object): readonly string[] {
  return Object.entries(changes).flatMap(([name, change]) => (change === undefined ? [] : [name]));
}
