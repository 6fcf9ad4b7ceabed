import { serve, type Served } from '../client/load.ts';
import { run, script } from '../frame/program.ts';
import type { Row } from '../frame/row.ts';
import { startPlatter } from '../peers/platter.ts';

const CLIENTS = 32;
/** The number of clients whose waiting times become a remark. */
const CROWD = 64;
/** The default of PLATTER_DATABASE_CONNECTIONS. */
const CONNECTIONS = 20;
const SECONDS = 4;

export const contention: Row = {
  name: 'contention',
  title: 'create + remove of small media, 32 clients in one group / bare transactions',
  unit: 'pairs/s',
  counts: 'ratio',
  better: 'more',
  atLeast: 0.5,
  dream: 0.8,
  async stage(bench) {
    const { port, gid, authkey: headers, databaseUrl } = await startPlatter(bench);
    const order = { mpid: 1, gid, name: '#n', size: 4096 };
    const steps = [
      { method: 'PUT', path: '/m/media/create', headers, body: JSON.stringify(order) },
      { method: 'DELETE', path: '/m/media', headers, body: JSON.stringify({ mid: '#mid' }) },
    ];
    const press = async (connections: number): Promise<Served> => serve({ port, connections, seconds: SECONDS, steps });
    await press(CROWD);
    const waits = (await press(CROWD)).steps.map(({ p99 }) => Math.round(p99));
    const terms = { databaseUrl, gid, clients: CLIENTS, connections: CONNECTIONS, seconds: SECONDS };
    return {
      subject: {
        name: 'Platter',
        async measure() {
          const { cycles, seconds } = await press(CLIENTS);
          return { figure: cycles / seconds };
        },
      },
      rival: {
        name: 'bare transactions',
        async measure() {
          const line = await run(script('peers/bare-transactions.ts'), JSON.stringify(terms));
          const { cycles, seconds } = JSON.parse(line) as { cycles: number; seconds: number };
          return { figure: cycles / seconds };
        },
      },
      remarks: [
        'both on the database of Platter; the bare transactions create no files',
        `with ${CROWD} clients, 99 of 100 creates are answered within ${waits[0]} ms, and removes within ${waits[1]} ms`,
      ],
    };
  },
};
