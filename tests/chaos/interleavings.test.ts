import { times } from './repetitions.ts';
import { testInterleavings } from './interleaving-tests.ts';

const INTERLEAVINGS = times('PLATTER_INTERLEAVINGS', 25, 10_000);

describe('Concurrent clients on three replicas', () => {
  testInterleavings(INTERLEAVINGS, async () => Promise.resolve(null));
});
