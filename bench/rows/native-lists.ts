import { ask } from '../client/ask.ts';
import { serve, type Step } from '../client/load.ts';
import type { Bench } from '../frame/bench.ts';
import { cpuSeconds } from '../frame/processes.ts';
import type { Contender, Row } from '../frame/row.ts';
import { startBareLists, type ListServer } from '../peers/lists.ts';
import { startPlatter, type Platter } from '../peers/platter.ts';
import { seedCatalogue, seedMedia } from '../peers/seeds.ts';

const LISTED = 50;
const FEW = 1000;
const GROUPS = 50;
const CONNECTIONS = 16;
const SECONDS = 3;
/** Each request is measured so often in both systems, by turns; the fastest counts. */
const TRIES = 5;
const SECONDS_EACH = 0.2;
const SORTS = ['created', '-created', 'name', '-name', 'size', '-size'];

/** `GET /v1/media` against a plain handler. */
export const nativeList: Row = {
  name: 'native-list',
  title: '/v1/media (50 of 1,000) / bare Express + pg',
  unit: 'requests/s',
  counts: 'ratio',
  better: 'more',
  atLeast: 0.8,
  dream: 1.2,
  async stage(bench) {
    const platter = await startPlatter(bench);
    await seedMedia(platter.databaseUrl, platter.gid, FEW);
    const bare = await startBareLists(bench, platter);
    const { name, pid, port, authkey } = platter;
    return {
      subject: asking({ name, pid, port }, listOf('', authkey)),
      rival: asking(bare, bare.items),
      remarks: [`${CONNECTIONS} connections; the bare handler does not ask who is calling`],
    };
  },
};

/** Each filter in each order, in a large system against a small one. */
export const nativeListGrowth = growth('native-list-growth', 'by group, pool and type in each order', 1.3, (system) =>
  ['', `&group=${system.large}`, '&pool=1', '&type=ISO', `&type=ISO&group=${system.large}`].flatMap((filter) =>
    SORTS.map((sort) => listOf(`&sort=${sort}${filter}`, system.one)),
  ),
);

/** A subtree, and a caller with 50 groups, likewise. */
export const nativeListWide = growth('native-list-wide', 'a subtree and 50 groups in each order', 2, (system) =>
  [`&group=${system.parent}&subtree=true`, ''].flatMap((filter) =>
    SORTS.map((sort) => listOf(`&sort=${sort}${filter}`, system.fifty)),
  ),
);

type Headers = Readonly<Record<string, string>>;

/** A system with a large group and 50 groups below another one, with as many items each. */
interface Catalogue {
  readonly platter: Platter;
  readonly large: number;
  readonly parent: number;
  /** The caller who sees the large group only, and the one who sees the 50 groups only. */
  readonly one: Headers;
  readonly fifty: Headers;
}

function growth(name: string, title: string, atLeast: number, steps: (system: Catalogue) => readonly Step[]): Row {
  return {
    name,
    title: `/v1/media, ${title}, from 1,000 media to 1,000,000`,
    unit: 'times, the slowest of all',
    counts: 'figure',
    better: 'less',
    atLeast,
    dream: 1,
    async stage(bench) {
      const [many, few] = [await catalogueOf(bench, bench.extent.media), await catalogueOf(bench, FEW)];
      const remarks: string[] = ['one client; medians of single requests'];
      return {
        subject: {
          name: `${bench.extent.media} media`,
          async measure() {
            let slowest = 0;
            const small = steps(few);
            for (const [at, step] of steps(many).entries()) {
              slowest = Math.max(slowest, await ratioOf([many, step], [few, small[at] ?? step]));
            }
            return { figure: slowest };
          },
        },
        remarks,
      };
    },
  };
}

type Request = readonly [system: Catalogue, step: Step];

/** Returns how many times longer one request takes than another. */
async function ratioOf(one: Request, other: Request): Promise<number> {
  let [slow, fast] = [Infinity, Infinity];
  for (let tried = 0; tried < TRIES; tried += 1) {
    slow = Math.min(slow, await medianOf(...one));
    fast = Math.min(fast, await medianOf(...other));
  }
  return slow / fast;
}

async function medianOf({ platter: { port } }: Catalogue, step: Step): Promise<number> {
  return (await serve({ port, connections: 1, seconds: SECONDS_EACH, steps: [step] })).p50;
}

async function catalogueOf(bench: Bench, count: number): Promise<Catalogue> {
  const platter = await startPlatter(bench);
  const { url, authkey, databaseUrl, gid: large } = platter;
  const groupBelow = async (name: string, parent: number): Promise<number> => {
    const { gid } = await ask<{ gid: number }>(url, 'PUT', '/u/group', authkey, { name, parent_gid: parent });
    await ask(url, 'PUT', '/m/pool/assign', authkey, { gid, mpid: 1, quota: 0, write: true, manage: true });
    return gid;
  };
  const parent = await groupBelow('parent', 0);
  const groups: number[] = [];
  while (groups.length < GROUPS) groups.push(await groupBelow(`below ${groups.length}`, parent));
  await seedCatalogue(databaseUrl, [large], count / 2);
  await seedCatalogue(databaseUrl, groups, count / 2);
  return {
    platter,
    large,
    parent,
    one: await callerWith(platter, 'one', [large]),
    fifty: await callerWith(platter, 'fifty', groups),
  };
}

async function callerWith({ url, authkey }: Platter, name: string, groups: readonly number[]): Promise<Headers> {
  const { uid } = await ask<{ uid: number }>(url, 'PUT', '/u/user', authkey, { name, password: name });
  const permission = 'velocity.media.list';
  for (const gid of groups) await ask(url, 'PUT', '/u/user/permission', authkey, { uid, gid, permission });
  const login = await ask<{ authkey: string }>(url, 'POST', '/u/auth', {}, { name, password: name });
  return { Authorization: `Bearer ${login.authkey}` };
}

function listOf(query: string, headers: Headers): Step {
  return { method: 'GET', path: `/v1/media?limit=${LISTED}${query}`, headers };
}

function asking(server: Pick<ListServer, 'name' | 'pid' | 'port'>, step: Step): Contender {
  return {
    name: server.name,
    async measure() {
      const before = cpuSeconds(server.pid);
      const { port } = server;
      const load = { port, connections: CONNECTIONS, seconds: SECONDS, steps: [step] };
      const { cycles, seconds, cpu: client } = await serve(load);
      return { figure: cycles / seconds, cpu: { server: cpuSeconds(server.pid) - before, client } };
    },
  };
}
