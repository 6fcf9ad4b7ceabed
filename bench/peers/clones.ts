import { setTimeout as delay } from 'node:timers/promises';
import { ask } from '../client/ask.ts';
import type { Contender } from '../frame/row.ts';
import { median } from '../frame/statistics.ts';
import type { Medium, Platter } from './platter.ts';

interface Cloned {
  readonly objects: readonly { readonly uuid: string; readonly jobs: readonly { readonly uuid: string }[] }[];
}

const CLONES = 5;

/** Measures clones one after the other: the median from request to end of job, in milliseconds. */
export function cloning(platter: Platter, { mid, size }: Medium): Contender {
  return {
    name: `clone of ${Math.round(size / 2 ** 20)} MiB`,
    async measure() {
      const figures: number[] = [];
      while (figures.length < CLONES) figures.push(await cloneOnce(platter, mid));
      return { figure: median(figures) };
    },
  };
}

/** Makes one clone and deletes it again. */
async function cloneOnce({ url, basic }: Platter, mid: string): Promise<number> {
  const begun = performance.now();
  const cloned = await ask<Cloned>(url, 'POST', `/api/2.0/drives/${mid}/action/?do=clone`, basic, {});
  const [drive] = cloned.objects;
  await ended(url, basic, drive?.jobs[0]?.uuid ?? '');
  const took = performance.now() - begun;
  await ask(url, 'DELETE', `/api/2.0/drives/${drive?.uuid ?? ''}/`, basic);
  return took;
}

async function ended(url: string, headers: Readonly<Record<string, string>>, job: string): Promise<void> {
  for (;;) {
    const { state } = await ask<{ state: string }>(url, 'GET', `/api/2.0/jobs/${job}/`, headers);
    if (state === 'success') return;
    if (state !== 'started') throw new Error(`the clone failed: ${state}`);
    await delay(1);
  }
}
