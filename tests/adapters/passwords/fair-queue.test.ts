import { FairQueue } from '../../../src/adapters/passwords/fair-queue.ts';
import { gate, type Gate } from '../../support/waiting/gate.ts';
import type { HashingParty } from '../../../src/application/ports/password-hasher.ts';

const TURNED_AWAY = { code: 'unavailable', detail: { retryAfterSeconds: 3 } };
const stranger = (name: string): HashingParty => ({ name, isKnown: false });
const known = (name: string): HashingParty => ({ name, isKnown: true });

describe('FairQueue', () => {
  const terms = { maxRunning: 1, maxWaiting: 4, retryAfterSeconds: 3 };
  let queue: FairQueue;
  let begun: string[];
  let held: Gate;
  let first: Promise<unknown>;
  /** Occupies the only slot, so that all further tasks wait. */
  beforeEach(() => {
    queue = new FairQueue(terms);
    begun = [];
    held = gate();
    first = queue.run(stranger('first'), async () => held.opened);
  });

  async function ask(party: HashingParty, name: string): Promise<string> {
    return queue.run(party, async () => {
      begun.push(name);
      return Promise.resolve(name);
    });
  }

  it('runs no more than the limit at once', async () => {
    const wide = new FairQueue({ ...terms, maxRunning: 2 });
    const gates = Array.from({ length: 3 }, () => gate());
    const work = gates.map(async ({ opened }, at) =>
      wide.run(stranger('a'), async () => {
        begun.push(String(at));
        return opened;
      }),
    );
    await Promise.resolve();
    expect(begun).toEqual(['0', '1']);
    gates[1]!.open();
    await work[1];
    expect(begun).toEqual(['0', '1', '2']);
    for (const held of gates) held.open();
    await Promise.all(work);
  });

  it('serves callers in turn, however many tasks one of them has', async () => {
    const asked = [
      ask(stranger('a'), 'a1'),
      ask(stranger('a'), 'a2'),
      ask(stranger('a'), 'a3'),
      ask(stranger('b'), 'b1'),
    ];
    held.open();
    await Promise.all([first, ...asked]);
    expect(begun).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  it('serves known callers first', async () => {
    const asked = [ask(stranger('a'), 'a1'), ask(stranger('b'), 'b1'), ask(known('c'), 'c1')];
    held.open();
    await Promise.all([first, ...asked]);
    expect(begun).toEqual(['c1', 'a1', 'b1']);
  });

  it('drops from the longest line for a shorter one, and refuses a caller whose own line is the longest', async () => {
    const asked = ['a1', 'a2', 'a3', 'a4'].map(async (name) => ask(stranger('a'), name));
    const last = expect(asked[3]).rejects.toMatchObject(TURNED_AWAY);
    await expect(ask(stranger('a'), 'a5')).rejects.toMatchObject(TURNED_AWAY);
    const other = ask(stranger('b'), 'b1');
    await last;
    held.open();
    await Promise.all([first, ...asked.slice(0, 3), other]);
    expect(begun).toEqual(['a1', 'b1', 'a2', 'a3']);
  });

  it('drops strangers for known callers, and not the other way round', async () => {
    const strangers = ['a', 'b', 'c', 'd'].map(async (name) => ask(stranger(name), name));
    const outcomes = Promise.allSettled(strangers);
    const asked = ['e', 'f', 'g', 'h'].map(async (name) => ask(known(name), name));
    await expect(ask(stranger('i'), 'i')).rejects.toMatchObject(TURNED_AWAY);
    await expect(ask(known('e'), 'e2')).rejects.toMatchObject(TURNED_AWAY);
    held.open();
    await Promise.all([first, ...asked]);
    expect((await outcomes).map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'rejected'));
    expect(begun).toEqual(['e', 'f', 'g', 'h']);
  });

  it('continues after a failed task', async () => {
    const failed = queue.run(stranger('a'), async () => Promise.reject(new Error('of its own')));
    const next = ask(stranger('a'), 'next');
    held.open();
    await expect(failed).rejects.toThrow('of its own');
    expect(await next).toBe('next');
    expect(await ask(stranger('a'), 'last')).toBe('last');
  });
});
