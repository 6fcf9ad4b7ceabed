import { Repeat } from '../../../src/adapters/timer/repeat.ts';
import type { Log } from '../../../src/application/ports/log.ts';
import { gate, type Gate } from '../../support/waiting/gate.ts';
import { until } from '../../support/waiting/until.ts';

const ONE_DAY_MS = 86_400_000;

describe('Repeat', () => {
  let warnings: { facts: object; message: string }[];
  let passes: number;
  let running: Repeat[];
  const log: Log = {
    info: () => undefined,
    warn: (facts, message) => warnings.push({ facts, message }),
    error: () => undefined,
  };
  beforeEach(() => {
    warnings = [];
    passes = 0;
    running = [];
  });
  afterEach(async () => {
    for (const repeat of running) await repeat.stop();
  });

  function repeat(milliseconds: number, work: () => Promise<unknown> = async () => Promise.resolve()): Repeat {
    const made = new Repeat(
      'counting',
      milliseconds,
      async () => {
        passes += 1;
        return work();
      },
      log,
    );
    running.push(made);
    return made;
  }

  it('starts with a pass, and repeats', async () => {
    repeat(1).start();
    await until('three passes', () => passes >= 3);
  });

  it('does nothing before its start, even when it is woken', async () => {
    const resting = repeat(1);
    resting.wake();
    await resting.stop();
    expect(passes).toBe(0);
  });

  it('starts a pass at once when it is woken', async () => {
    const slow = repeat(ONE_DAY_MS);
    slow.start();
    await until('the first pass', () => passes === 1);
    // The pass has begun; it ends a turn of the event loop later.
    await new Promise((resolve) => setImmediate(resolve));
    slow.wake();
    await until('the second pass', () => passes === 2);
  });

  it('runs one more pass, not two at once, when it is woken during a pass', async () => {
    let atOnce = 0;
    let max = 0;
    const gates: Gate[] = [];
    const held = repeat(ONE_DAY_MS, async () => {
      atOnce += 1;
      max = Math.max(max, atOnce);
      const go = gate();
      gates.push(go);
      await go.opened;
      atOnce -= 1;
    });
    held.start();
    for (let woken = 0; woken < 5; woken += 1) held.wake();
    expect(passes).toBe(1);
    gates[0]!.open();
    await until('the pass that it was woken for', () => passes === 2);
    gates[1]!.open();
    await held.stop();
    expect(passes).toBe(2);
    expect(max).toBe(1);
  });

  it('logs the error of a pass, and continues', async () => {
    const failure = new Error('not this time');
    const failing = repeat(1, async () => (passes === 1 ? Promise.reject(failure) : Promise.resolve()));
    failing.start();
    await until('the pass after the failure', () => passes >= 2);
    expect(warnings).toEqual([{ facts: { err: failure }, message: 'counting failed and will be tried again' }]);
  });

  it('continues after a task that throws synchronously', async () => {
    const throwing = repeat(1, () => {
      throw new Error('at once');
    });
    throwing.start();
    await until('the pass after the failure', () => passes >= 2);
  });

  it('waits for the pass under way when it is stopped, and starts no further one', async () => {
    const go = gate();
    const held = repeat(1, async () => go.opened);
    held.start();
    let stopped = false;
    const stopping = held.stop().then(() => (stopped = true));
    held.wake();
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).toBe(false);
    go.open();
    await stopping;
    held.wake();
    await new Promise((resolve) => setImmediate(resolve));
    expect(passes).toBe(1);
  });
});
