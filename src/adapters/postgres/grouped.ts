/** The values of each key, in their order. */
export function grouped<Key, Value>(pairs: readonly (readonly [Key, Value])[]): ReadonlyMap<Key, readonly Value[]> {
  const all = new Map<Key, Value[]>();
  for (const [key, value] of pairs) {
    const those = all.get(key);
    if (those === undefined) all.set(key, [value]);
    else those.push(value);
  }
  return all;
}
