export interface RecentLoginLimits {
  /** How long a login is remembered. */
  readonly lifetimeSeconds: number;
  /** How many names are remembered at once. */
  readonly maxNames: number;
  /**
   * How many networks are remembered of one name, so that a user with many networks pushes out no
   * other user.
   */
  readonly maxNetworksPerName: number;
}

/** Remembers the networks from which names logged in. Forgets the least recently used first. */
export class RecentLogins {
  readonly #limits: RecentLoginLimits;
  readonly #names = new Map<string, Map<string, number>>();

  constructor(limits: RecentLoginLimits) {
    this.#limits = limits;
  }

  remember(name: string, network: string): void {
    const networks = this.#names.get(name) ?? new Map<string, number>();
    setNewest(
      networks,
      network,
      performance.now() + this.#limits.lifetimeSeconds * 1000,
      this.#limits.maxNetworksPerName,
    );
    setNewest(this.#names, name, networks, this.#limits.maxNames);
  }

  has(name: string, network: string): boolean {
    const expiresAt = this.#names.get(name)?.get(network);
    return expiresAt !== undefined && performance.now() < expiresAt;
  }
}

function setNewest<Value>(map: Map<string, Value>, key: string, value: Value, max: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > max && oldest !== undefined) map.delete(oldest);
}
