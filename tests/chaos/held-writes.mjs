/*
 * Loaded before the program: a hashing thread that gets a write while the file of TEST_HOLD_WRITES
 * exists waits until that is gone, and says so in a file beside it.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

const file = process.env.TEST_HOLD_WRITES;
const pause = new Int32Array(new SharedArrayBuffer(4));

if (parentPort !== null && file !== undefined) {
  const on = parentPort.on.bind(parentPort);
  parentPort.on = (event, listener) =>
    on(event, (task) => {
      if (task?.kind === 'write' && existsSync(file)) writeFileSync(`${file}.held`, '');
      while (task?.kind === 'write' && existsSync(file)) Atomics.wait(pause, 0, 0, 10);
      listener(task);
    });
}
