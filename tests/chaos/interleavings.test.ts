import { times } from './extent.ts';
import { promiseInterleavings } from './interleave.ts';

const INTERLEAVINGS = times('PLATTER_INTERLEAVINGS', 25, 10_000);

describe('Whatever several clients do at once, on three replicas', () => {
  promiseInterleavings(INTERLEAVINGS, async () => Promise.resolve(null));
});
