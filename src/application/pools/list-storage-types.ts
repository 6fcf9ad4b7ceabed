import type { Pools } from '../../domain/pools/pool.ts';
import { MAX_BYTES, type Bytes } from '../../domain/shared/bytes.ts';

/** One kind of storage, as the pools of this host have it. */
export interface StorageType {
  readonly name: string;
  /** The largest media that a pool of this type could ever take. */
  readonly largest: Bytes;
  /** Whether it is that of the default pool. */
  readonly isDefault: boolean;
}

/** The types of storage that there are, in the order of the pools file. */
export class ListStorageTypes {
  readonly #pools: Pools;

  constructor(pools: Pools) {
    this.#pools = pools;
  }

  run(): readonly StorageType[] {
    const names = [...new Set(this.#pools.map(({ storageType }) => storageType))];
    return names.map((name) => {
      const pools = this.#pools.filter(({ storageType }) => storageType === name);
      const largest = Math.max(...pools.map(({ capacity }) => capacity ?? MAX_BYTES)) as Bytes;
      return { name, largest, isDefault: pools.some(({ isDefault }) => isDefault) };
    });
  }
}
