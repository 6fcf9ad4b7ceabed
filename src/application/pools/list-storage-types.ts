import type { Pools } from '../../domain/pools/pool.ts';
import { MAX_BYTES, type Bytes } from '../../domain/shared/bytes.ts';

/** A type of storage that the configured pools offer. */
export interface StorageType {
  readonly name: string;
  /** The size of the largest item that a pool of this type can hold. */
  readonly largest: Bytes;
  /** Whether the default pool has this type. */
  readonly isDefault: boolean;
}

/** Lists the storage types, in the order of the pools file. */
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
