import { randomUUID } from 'node:crypto';
import { percentile } from '../frame/statistics.ts';
import { attack, type Attack, type Scene } from './attacks.ts';
import { statusOf, type Order } from './connection.ts';
import type { Tenant } from './tenants.ts';

/** The view of the victim during an attack. */
export interface Work {
  /** Its responses other than 2xx, as `operation: status`. */
  readonly refused: readonly string[];
  /** How many passes it made. */
  readonly rounds: number;
  /** The 99th percentile of `POST /m/pool/list`, in milliseconds. */
  readonly p99: number;
}

const IMAGE = Buffer.alloc(2 ** 20, 'victim');
const NEVER = new AbortController().signal;

/** Runs an attack for `seconds` while the victim works. */
export async function attackFor(seconds: number, attacking: Attack, scene: Scene): Promise<Work> {
  await attacking.prepare?.(scene);
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), seconds * 1000);
  try {
    const [, work] = await Promise.all([attack(attacking, scene, end.signal), workUntil(end.signal, scene.victim)]);
    return work;
  } finally {
    clearTimeout(timer);
    end.abort();
  }
}

/** Lists pools, uploads, and lists drives in turn, until `signal` aborts and at least once. */
async function workUntil(signal: AbortSignal, { url, gid, velocity, cloudsigma }: Tenant): Promise<Work> {
  const refused: string[] = [];
  const times: number[] = [];
  async function ask(order: Order): Promise<void> {
    // The end of the attack aborts no request of the victim.
    const status = await statusOf(url, order, NEVER).catch((fault: unknown) => String(fault));
    if (typeof status !== 'number' || status < 200 || status > 299)
      refused.push(`${order.method} ${order.path}: ${status}`);
  }
  let rounds = 0;
  do {
    const begun = performance.now();
    await ask({ method: 'POST', path: '/m/pool/list', headers: velocity, body: JSON.stringify({ gid }) });
    times.push(performance.now() - begun);
    const kind = { 'X-Velocity-Type': 'ISO', 'X-Velocity-Readonly': 'true', 'X-Velocity-Mpid': '1' };
    const headers = { ...velocity, ...kind, 'X-Velocity-Gid': String(gid), 'X-Velocity-Name': randomUUID() };
    await ask({ method: 'PUT', path: '/m/media/upload', headers, body: IMAGE });
    await ask({ method: 'GET', path: '/api/2.0/drives/?limit=10', headers: cloudsigma, body: '' });
    rounds += 1;
  } while (!signal.aborted);
  return { refused, rounds, p99: percentile(times, 0.99) };
}
