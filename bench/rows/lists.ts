import { serve } from '../client/load.ts';
import type { Bench } from '../frame/bench.ts';
import { cpuSeconds } from '../frame/processes.ts';
import type { Contender, Row } from '../frame/row.ts';
import { listsOf, startBareLists, type ListServer } from '../peers/lists.ts';
import { startPlatter } from '../peers/platter.ts';
import { seedLibrary, seedMedia } from '../peers/seeds.ts';

const LISTED = 50;
const CONNECTIONS = 16;
const SECONDS = 3;

type List = 'media' | 'libdrives';

function lists(name: string, title: string, list: List): Row {
  return {
    name,
    title,
    unit: 'requests/s',
    counts: 'ratio',
    better: 'more',
    atLeast: 0.7,
    dream: 1.2,
    async stage(bench: Bench) {
      const platter = await startPlatter(bench);
      await seedMedia(platter.databaseUrl, platter.gid, LISTED);
      await seedLibrary(platter.databaseUrl, LISTED);
      const bare = await startBareLists(bench, platter);
      return {
        subject: asking(listsOf(platter), list),
        rival: asking(bare, list),
        remarks: [`${CONNECTIONS} connections; the bare handler does not ask who is calling`],
      };
    },
  };
}

function asking(server: Omit<ListServer, 'items'>, list: List): Contender {
  return {
    name: server.name,
    async measure() {
      const before = cpuSeconds(server.pid);
      const {
        cycles,
        seconds,
        cpu: client,
      } = await serve({
        port: server.port,
        connections: CONNECTIONS,
        seconds: SECONDS,
        steps: [server[list]],
      });
      return { figure: cycles / seconds, cpu: { server: cpuSeconds(server.pid) - before, client } };
    },
  };
}

export const listMedia = lists('list-media', '/m/media/list (50 rows) / bare Express + pg', 'media');
export const listLibrary = lists('list-library', '/libdrives/ (50 rows) / bare Express + pg', 'libdrives');
