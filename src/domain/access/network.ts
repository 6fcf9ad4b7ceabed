const GROUPS = 8;
const GROUPS_OF_A_NETWORK = 4;

/**
 * Returns the network by which limits count a client: the address itself for IPv4, the /64 for
 * IPv6, since one client controls all of it (docs/velocity.md#logging-in). `address` is normalised,
 * as `normaliseAddress` returns it.
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const zeros = tail === undefined ? 0 : GROUPS - before.length - after.length;
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups.slice(0, GROUPS_OF_A_NETWORK).join(':')}::/64`;
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':');
}
