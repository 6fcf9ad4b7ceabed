import { bytes } from '../../src/domain/shared/bytes.ts';
import { gate } from '../support/waiting/gate.ts';
import type { FixtureOf } from './blob-store-fixture.ts';
import { idsIn, NEVER, newBlob, patterned, sourceOf, stallAfter } from '../support/files/byte-sources.ts';

/** The contract of `BlobWriter` for cancelled and aborted writes. */
export function promiseSafeEnds(fixture: FixtureOf): void {
  it('does not begin after its signal has aborted', async () => {
    const { store } = fixture();
    const writer = store.writer(newBlob(), bytes(4));
    const reason = new Error('too late');
    let asked = false;
    async function* source() {
      asked = true;
      yield patterned(4);
    }
    await expect(writer.write(source(), AbortSignal.abort(reason))).rejects.toBe(reason);
    await writer.cancel();
    expect(asked).toBe(false);
    expect(await idsIn(store)).toEqual([]);
  });

  it('stops between two chunks when its signal aborts', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    const writer = store.writer(id, bytes(1_000_000));
    const stop = new AbortController();
    const reason = new Error('the client went away');
    async function* source() {
      for (let sent = 0; sent < 10; sent += 1) {
        if (sent === 5) stop.abort(reason);
        yield patterned(100_000);
      }
    }
    await expect(writer.write(source(), stop.signal)).rejects.toBe(reason);
    await writer.cancel();
    expect(await location.sizeOf(id)).toBeNull();
    expect(await idsIn(store)).toEqual([]);
  });

  it('stops when its signal aborts while the source is stalled', async () => {
    const { store } = fixture();
    const writer = store.writer(newBlob(), bytes(10));
    const stop = new AbortController();
    const stalled = gate();
    const reason = new Error('the lease was lost');
    const written = writer.write(stallAfter(stalled, patterned(5)), stop.signal);
    await Promise.all([expect(written).rejects.toBe(reason), stalled.opened.then(() => stop.abort(reason))]);
    await writer.cancel();
    expect(await idsIn(store)).toEqual([]);
  });

  it('can be cancelled before it writes, and then writes nothing', async () => {
    const { store } = fixture();
    const writer = store.writer(newBlob(), bytes(4));
    await writer.cancel();
    await writer.cancel();
    await expect(writer.write(sourceOf(patterned(4)), NEVER)).rejects.toThrow();
    await expect(writer.commit()).rejects.toThrow();
    expect(await idsIn(store)).toEqual([]);
  });

  it('can be cancelled as soon as it begins to write', async () => {
    const { store, location } = fixture();
    const writer = store.writer(newBlob(), bytes(4));
    const written = writer.write(sourceOf(patterned(4)), NEVER);
    await Promise.all([expect(written).rejects.toThrow(), writer.cancel()]);
    expect(await idsIn(store)).toEqual([]);
    expect(await location.leftovers()).toEqual([]);
  });

  it('can be cancelled at any moment of its start, after which it stops', async () => {
    const { store, location } = fixture();
    for (let order = 0; order < 60; order += 1) {
      const writer = store.writer(newBlob(), bytes(4));
      const written = writer.write(sourceOf(patterned(2), patterned(2)), NEVER).catch(() => undefined);
      for (let turn = 0; turn < order; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await writer.cancel();
      expect(await location.leftovers()).toEqual([]);
      await written;
      expect(await idsIn(store)).toEqual([]);
    }
  });

  it('can be cancelled while it writes', async () => {
    const { store, location } = fixture();
    const writer = store.writer(newBlob(), bytes(100_000_000));
    const begun = gate();
    async function* source() {
      for (;;) {
        yield patterned(100_000);
        begun.open();
      }
    }
    const written = writer.write(source(), NEVER);
    await Promise.all([expect(written).rejects.toThrow(), begun.opened.then(async () => writer.cancel())]);
    expect(await idsIn(store)).toEqual([]);
    expect(await location.leftovers()).toEqual([]);
  });

  it('can be cancelled while the source is stalled', async () => {
    const { store } = fixture();
    const writer = store.writer(newBlob(), bytes(10));
    const stalled = gate();
    const written = writer.write(stallAfter(stalled, patterned(5)), NEVER);
    await Promise.all([expect(written).rejects.toThrow(), stalled.opened.then(async () => writer.cancel())]);
    expect(await idsIn(store)).toEqual([]);
  });

  it('can be cancelled after the write, twice and concurrently, and then commits nothing', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    const writer = store.writer(id, bytes(4));
    await writer.write(sourceOf(patterned(4)), NEVER);
    await Promise.all([writer.cancel(), writer.cancel()]);
    await writer.cancel();
    await expect(writer.commit()).rejects.toThrow();
    expect(await location.sizeOf(id)).toBeNull();
    expect(await idsIn(store)).toEqual([]);
  });

  it('keeps a committed blob when it is cancelled', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    const writer = store.writer(id, bytes(4));
    await writer.write(sourceOf(patterned(4)), NEVER);
    await writer.commit();
    await writer.cancel();
    await writer.cancel();
    expect(Buffer.from(await location.read(id, 0, 4)).equals(patterned(4))).toBe(true);
  });

  it('completes a commit that is under way when it is cancelled', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    const writer = store.writer(id, bytes(4));
    await writer.write(sourceOf(patterned(4)), NEVER);
    const [stored] = await Promise.all([writer.commit(), writer.cancel()]);
    expect(stored.storedBytes).toBe(4);
    expect(await location.sizeOf(id)).toBe(4);
  });

  it('lets the same blob be written again after a cancel', async () => {
    const { store, location } = fixture();
    const id = newBlob();
    const first = store.writer(id, bytes(4));
    await first.write(sourceOf(patterned(4)), NEVER);
    await first.cancel();
    const second = store.writer(id, bytes(3));
    await second.write(sourceOf(patterned(3)), NEVER);
    await second.commit();
    expect(await location.sizeOf(id)).toBe(3);
  });
}
