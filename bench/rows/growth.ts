import { ask } from '../client/ask.ts';
import { serve } from '../client/load.ts';
import type { Bench } from '../frame/bench.ts';
import type { Contender, Row } from '../frame/row.ts';
import { listsOf } from '../peers/lists.ts';
import { startPlatter } from '../peers/platter.ts';
import { seedLibrary, seedMedia } from '../peers/seeds.ts';

const LISTED = 50;
const FEW = 1000;
const SECONDS = 3;

export const growth: Row = {
  name: 'growth',
  title: 'both lists, from 1,000 media in the system to 1,000,000',
  unit: 'ms for both',
  counts: 'ratio',
  better: 'less',
  atLeast: 1.3,
  dream: 1,
  async stage(bench) {
    const { media } = bench.extent;
    return { subject: await holding(bench, media), rival: await holding(bench, FEW), remarks: ['one client'] };
  },
};

/** Prepares a Platter with this many items; each list shows 50. */
async function holding(bench: Bench, count: number): Promise<Contender> {
  const platter = await startPlatter(bench);
  const { url, authkey, databaseUrl, port } = platter;
  const { gid } = await ask<{ gid: number }>(url, 'PUT', '/u/group', authkey, { name: 'others', parent_gid: 0 });
  await seedMedia(databaseUrl, gid, Math.max(0, count - LISTED));
  await seedMedia(databaseUrl, platter.gid, LISTED);
  await seedLibrary(databaseUrl, LISTED);
  const { media, libdrives } = listsOf(platter);
  return {
    name: `${count} media`,
    async measure() {
      const { cycles, seconds } = await serve({ port, connections: 1, seconds: SECONDS, steps: [media, libdrives] });
      return { figure: (seconds * 1000) / cycles };
    },
  };
}
