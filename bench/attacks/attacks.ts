import { randomUUID } from 'node:crypto';
import { once, setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { ask } from '../client/ask.ts';
import { answerTo, open, statusOf, type Order } from './connection.ts';
import type { Tenant } from './tenants.ts';

/** The server under attack, and the attacker. */
export interface Scene {
  readonly attacker: Tenant;
  readonly victim: Tenant;
}

export interface Attack {
  readonly name: string;
  readonly connections: number;
  /** Creates the objects that the attack uses. */
  readonly prepare?: (scene: Scene) => Promise<void>;
  /** One strike of one connection, repeated. Its failures are ignored. */
  readonly strike: (scene: Scene, signal: AbortSignal) => Promise<unknown>;
}

const JSON_BODY = { 'Content-Type': 'application/json' };
const MIB = 2 ** 20;
const RETRY_AFTER_MS = 1000;

const cloud = (path: string, method = 'GET', body?: unknown) => ({ method, path: `/api/2.0${path}`, body });

/** Calls the CloudSigma API as the attacker. */
async function call(
  { attacker }: Scene,
  { method, path, body }: ReturnType<typeof cloud>,
  signal: AbortSignal,
): Promise<number> {
  const headers = { ...attacker.cloudsigma, ...JSON_BODY };
  const order: Order = { method, path, headers, body: body === undefined ? '' : JSON.stringify(body) };
  return statusOf(attacker.url, order, signal);
}

async function logIn({ attacker }: Scene, name: string, address: string, signal: AbortSignal): Promise<number> {
  const body = JSON.stringify({ name, password: randomUUID() });
  const headers = { ...JSON_BODY, 'X-Forwarded-For': address };
  return statusOf(attacker.url, { method: 'POST', path: '/u/auth', headers, body }, signal);
}

function someOf<T>(count: number, make: () => T): readonly T[] {
  return Array.from({ length: 1 + Math.floor(Math.random() * count) }, make);
}

/** The drives of each attacker. */
const drives = new WeakMap<Tenant, Record<'small' | 'large', string>>();

function driveOf(tenant: Tenant, size: 'small' | 'large'): string {
  const found = drives.get(tenant)?.[size];
  if (found === undefined) throw new Error('the attack was not prepared');
  return found;
}

async function createDrives({ attacker }: Scene): Promise<void> {
  if (drives.has(attacker)) return;
  const create = async (name: string, size: number): Promise<string> => {
    const body = { gid: attacker.gid, mpid: 1, name: `${attacker.name} ${name}`, size };
    return (await ask<{ mid: string }>(attacker.url, 'PUT', '/m/media/create', attacker.velocity, body)).mid;
  };
  drives.set(attacker, { small: await create('small', MIB), large: await create('large', 1024 * MIB) });
}

async function createServers({ attacker }: Scene): Promise<void> {
  const meta = { note: 'x'.repeat(30_000) };
  for (let at = 0; at < 100; at += 1) {
    const body = { name: `server ${at}`, cpu: 1000, mem: 2 ** 30, vnc_password: 'x', meta };
    await ask(attacker.url, 'POST', '/api/2.0/servers/', attacker.cloudsigma, body);
  }
}

/** Holds an open request until the server ends it or the attack is over. */
async function hold(closing: NodeJS.EventEmitter, signal: AbortSignal): Promise<void> {
  await once(closing, 'close', { signal });
}

const conditions: Attack = {
  name: 'filters with many conditions',
  connections: 40,
  strike: async (scene, signal) => {
    const conditions = [
      ...someOf(19, () => `tag=${randomUUID()}`),
      `name__contains=${someOf(100, () => randomUUID().slice(0, 8)).join()}`,
      ...(Math.random() < 0.2 ? someOf(400, () => `name__icontains=${randomUUID()}`) : []),
    ];
    return call(scene, cloud(`/drives/?${conditions.join('&')}`), signal);
  },
};

const guesses: Attack = {
  name: 'wrong passwords at the name of the victim',
  connections: 40,
  strike: async (scene, signal) => logIn(scene, scene.victim.name, '198.51.100.7', signal),
};

const strangers: Attack = {
  name: 'logins of a stranger',
  connections: 60,
  strike: async (scene, signal) => {
    const network = Math.floor(Math.random() * 2 ** 16).toString(16);
    return logIn(scene, randomUUID(), `2001:db8:${network}::1`, signal);
  },
};

const halfReadLists: Attack = {
  name: 'lists without limit, half read',
  connections: 40,
  prepare: createServers,
  strike: async ({ attacker }, signal) => {
    const headers = attacker.cloudsigma;
    const path = '/api/2.0/servers/detail/?limit=0';
    const answer = await answerTo(open(attacker.url, { method: 'GET', path, headers, body: '' }, signal));
    await once(answer, 'readable');
    answer.read(1);
    if (answer.statusCode === 200) await hold(answer, signal);
    answer.destroy();
  },
};

const slowUploads: Attack = {
  name: 'slow uploads',
  connections: 40,
  strike: async ({ attacker }, signal) => {
    const headers = {
      ...attacker.velocity,
      'X-Velocity-Mpid': '1',
      'X-Velocity-Gid': String(attacker.gid),
      'X-Velocity-Name': randomUUID(),
      'X-Velocity-Type': 'ISO',
      'X-Velocity-Readonly': 'true',
      'Content-Length': String(MIB),
    };
    const upload = open(attacker.url, { method: 'PUT', path: '/m/media/upload', headers }, signal);
    const dripping = setInterval(() => upload.write('.'), 100);
    try {
      const answer = await answerTo(upload);
      answer.resume();
    } finally {
      clearInterval(dripping);
      upload.destroy();
    }
  },
};

const clones: Attack = {
  name: 'clones',
  connections: 40,
  prepare: createDrives,
  strike: async (scene, signal) => {
    const small = driveOf(scene.attacker, 'small');
    return call(scene, cloud(`/drives/${small}/action/?do=clone`, 'POST'), signal);
  },
};

const unreadDownloads: Attack = {
  name: 'downloads that are not read',
  // More than the share of one tenant: the rest is refused.
  connections: 500,
  prepare: createDrives,
  strike: async ({ attacker }, signal) => {
    const path = `/m/media/${driveOf(attacker, 'large')}/content`;
    const order = { method: 'GET', path, headers: attacker.velocity, body: '' };
    const answer = await answerTo(open(attacker.url, order, signal));
    if (answer.statusCode === 200) await hold(answer, signal);
    answer.destroy();
    if (answer.statusCode === 503) await delay(RETRY_AFTER_MS, undefined, { signal });
  },
};

const tagsAndServers: Attack = {
  name: 'tags and servers without end',
  connections: 40,
  strike: async (scene, signal) => {
    const name = randomUUID();
    await call(scene, cloud('/tags/', 'POST', { objects: [{ name }] }), signal);
    const server = { name, cpu: 1000, mem: 2 ** 30, vnc_password: 'x' };
    await call(scene, cloud('/servers/', 'POST', server), signal);
  },
};

export const ATTACKS: readonly Attack[] = [
  conditions,
  guesses,
  strangers,
  halfReadLists,
  slowUploads,
  clones,
  unreadDownloads,
  tagsAndServers,
];

/** Strikes on all connections of an attack until `signal` aborts. */
export async function attack({ connections, strike }: Attack, scene: Scene, signal: AbortSignal): Promise<void> {
  setMaxListeners(0, signal);
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (!signal.aborted) {
        // A refused client retries after a pause.
        await strike(scene, signal).catch(async () => delay(50, undefined, { signal }).catch(() => undefined));
      }
    }),
  );
}
