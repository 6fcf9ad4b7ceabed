import type { BlobStore, BlobStores } from '../../src/application/ports/blob-store.ts';

/** What happens around the steps of a store, for a test to be there at the right moment. */
export interface Moments {
  readonly beforeCommit?: () => unknown;
  readonly afterCommit?: () => unknown;
  readonly beforeRemove?: () => unknown;
  readonly beforeProbe?: () => unknown;
  readonly beforeStanding?: () => unknown;
  readonly beforeRead?: () => unknown;
  readonly beforeSetWritable?: () => unknown;
}

/** The same stores, at whose steps a test is told, and waited for. */
export function watched(stores: BlobStores, moments: Moments): BlobStores {
  return { ...stores, of: (pool, place) => watchedStore(stores.of(pool, place), moments) };
}

function watchedStore(store: BlobStore, moments: Moments): BlobStore {
  const { beforeCommit, afterCommit, beforeRemove, beforeProbe, beforeStanding, beforeRead, beforeSetWritable } =
    moments;
  async function committed<T>(commit: () => Promise<T>): Promise<T> {
    await beforeCommit?.();
    const answer = await commit();
    await afterCommit?.();
    return answer;
  }
  return {
    settleSeconds: store.settleSeconds,
    linkSeconds: store.linkSeconds,
    requireWritable: (size) => store.requireWritable(size),
    filesystemBytes: async () => store.filesystemBytes(),
    immutable: store.immutable,
    copy: async (from, to, size, progress, signal, writable) =>
      committed(async () => store.copy(from, to, size, progress, signal, writable)),
    setWritable: async (id, writable) => {
      await beforeSetWritable?.();
      return store.setWritable(id, writable);
    },
    writer: (id, size, terms) => {
      const writer = store.writer(id, size, terms);
      return {
        write: async (source, signal) => writer.write(source, signal),
        commit: async () => committed(async () => writer.commit()),
        cancel: async () => writer.cancel(),
      };
    },
    allocate: async (id, size, writable) => committed(async () => store.allocate(id, size, writable)),
    read: async (id, range, signal) => {
      await beforeRead?.();
      return store.read(id, range, signal);
    },
    standing: async (id) => {
      await beforeStanding?.();
      return store.standing(id);
    },
    link: async (id, fileName) => store.link(id, fileName),
    resize: async (id, size) => committed(async () => store.resize(id, size)),
    remove: async (id) => {
      await beforeRemove?.();
      await store.remove(id);
    },
    list: async (after) => store.list(after),
    traces: async (ids) => store.traces(ids),
    clear: async (id) => store.clear(id),
    claim: async (owner) => store.claim(owner),
    recognise: async (owner) => store.recognise(owner),
    probe: async () => {
      await beforeProbe?.();
      await store.probe();
    },
  };
}
