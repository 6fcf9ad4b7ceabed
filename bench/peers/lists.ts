import { join } from 'node:path';
import type { Step } from '../client/load.ts';
import type { Bench } from '../frame/bench.ts';
import { script, start } from '../frame/program.ts';
import type { Platter } from './platter.ts';

/** A server of a list. */
export interface ListServer {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  readonly media: Step;
  readonly libdrives: Step;
  readonly items: Step;
}

export function listsOf({ name, pid, port, authkey, basic, gid }: Platter): Omit<ListServer, 'items'> {
  return {
    name,
    pid,
    port,
    media: { method: 'POST', path: '/m/media/list', headers: authkey, body: JSON.stringify({ gid }) },
    libdrives: { method: 'GET', path: '/api/2.0/libdrives/?limit=50', headers: basic },
  };
}

/** Starts a plain Express and pg handler on the same database, with as many connections. */
export async function startBareLists(bench: Bench, { databaseUrl, gid }: Platter): Promise<ListServer> {
  const { pid, readyLine } = await start(bench, {
    command: script('peers/lists-server.ts', String(gid)),
    env: { DATABASE_URL: databaseUrl },
    ready: 'ready ',
    log: join(await bench.folder(), 'log'),
  });
  const { port } = JSON.parse(readyLine.slice('ready '.length)) as { port: number };
  return {
    name: 'Express + pg',
    pid,
    port,
    media: { method: 'GET', path: '/media', headers: {} },
    libdrives: { method: 'GET', path: '/libdrives', headers: {} },
    items: { method: 'GET', path: '/items', headers: {} },
  };
}
