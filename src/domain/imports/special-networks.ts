/**
 * The networks of the special-purpose registries of IANA (RFC 6890), of multicast and of reserved
 * addresses, and an address inside clouds that looks public. Nothing is imported from them, also
 * where the registry calls an anycast service of them reachable (docs/security.md#imports).
 *
 * Sources: https://www.iana.org/assignments/iana-ipv4-special-registry and
 * https://www.iana.org/assignments/iana-ipv6-special-registry.
 */
export const SPECIAL_IPV4_NETWORKS = [
  '0.0.0.0/8', // this network; the host itself
  '10.0.0.0/8', // private use
  '100.64.0.0/10', // shared address space of providers
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // the host below a virtual machine of Azure
  '169.254.0.0/16', // link local; metadata of clouds
  '172.16.0.0/12', // private use
  '192.0.0.0/24', // protocol assignments; metadata of clouds
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // relays of 6to4
  '192.168.0.0/16', // private use
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved; broadcast
] as const;

/**
 * All that IANA has assigned as global unicast. Everything outside is special: loopback, addresses
 * with an IPv4 address in them, unique local, link local, site local and multicast ones.
 */
export const GLOBAL_IPV6_NETWORK = '2000::/3';

/** The special networks inside `GLOBAL_IPV6_NETWORK`. */
export const SPECIAL_IPV6_NETWORKS = [
  '2001::/23', // protocol assignments: Teredo, benchmarks, AMT, AS112, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3ffe::/16', // the former 6bone
  '3fff::/20', // documentation
] as const;

/**
 * The IPv4 internet, as networks that have only IPv6 see it (RFC 6052): the last 32 bits are the
 * address that is connected to.
 */
export const TRANSLATED_IPV4_NETWORK = '64:ff9b::/96';
