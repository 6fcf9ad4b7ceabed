export interface RecentTerms {
  /** How long a login is remembered, in seconds. */
  readonly seconds: number;
  /** How many names are remembered at once. */
  readonly names: number;
  /**
   * How many networks are remembered of one name, so that one user with many networks drives out no
   * other user.
   */
  readonly networks: number;
}

/** Remembers from where names logged in. What was used least recently is forgotten first. */
export class RecentLogins {
  readonly #terms: RecentTerms;
  readonly #names = new Map<string, Map<string, number>>();

  constructor(terms: RecentTerms) {
    this.#terms = terms;
  }

  remember(name: string, network: string): void {
    const networks = this.#names.get(name) ?? new Map<string, number>();
    renew(networks, network, performance.now() + this.#terms.seconds * 1000, this.#terms.networks);
    renew(this.#names, name, networks, this.#terms.names);
  }

  has(name: string, network: string): boolean {
    const until = this.#names.get(name)?.get(network);
    return until !== undefined && performance.now() < until;
  }
}

function renew<Value>(map: Map<string, Value>, key: string, value: Value, max: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > max && oldest !== undefined) map.delete(oldest);
}
