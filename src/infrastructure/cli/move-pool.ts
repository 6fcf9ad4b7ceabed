import type { MoveReport, MoveObserver } from '../../application/moving/move-pool.ts';
import type { Log } from '../../application/ports/log.ts';
import type { BlobId, PoolId } from '../../domain/shared/ids.ts';
import { byteCount } from '../config/byte-count.ts';
import type { Config } from '../config/config.ts';
import { joinDepot } from '../server/depot.ts';
import { Progress } from './progress.ts';
import { withUseCases } from './with-use-cases.ts';

export interface MoveOptions {
  readonly rate?: string;
  readonly json?: boolean;
}

/** What a shell gets to know. */
export const MOVED = 0;
export const SOMETHING_LEFT = 1;

const STATUS = { [MOVED]: 'moved', [SOMETHING_LEFT]: 'left' } as const;

const REASONS: Readonly<Record<string, string>> = {
  attached: 'a server has it: detach it, and run this again',
  changed: 'it was written to while it was copied: run this again once nobody has it open',
  damaged: 'its bytes are not those that came in: restore them from a backup, or remove the media',
  'bytes-missing': 'its bytes are not there, or not all of them: restore them from a backup, or remove the media',
  'not-kept': 'what was read back is not what was written: look after the place that the pool moves to',
  'under-way': 'it is still on its way in or out: run this again later',
  'no-space': 'the place that the pool moves to is full: make room, and run this again',
  'quota-exceeded': 'the place that the pool moves to can not keep that much in one piece',
};

interface Left {
  readonly blob: BlobId;
  readonly reason: string;
}

/**
 * Moves the bytes of a pool to where the pools file says that it moves to. Resolves with the exit
 * code; fails where it could not be done.
 */
export async function movePool(
  config: Config,
  log: Log,
  pool: string,
  { rate, json }: MoveOptions,
  stop: AbortSignal,
): Promise<number> {
  const id = poolId(pool);
  const limited = { ...config, copyRate: rate === undefined ? config.copyRate : bytesPerSecond(rate) };
  const left: Left[] = [];
  const watch = watchOf(id, (one) => {
    if (json === true) left.push(one);
    else complain(`blob ${one.blob} stays: ${REASONS[one.reason] ?? one.reason}`);
  });
  const depot = await joinDepot(config, log);
  try {
    const report = await withUseCases(depot, { config: limited, log }, async (use) => {
      await use.preparePools.run();
      return use.movePool.run(id, watch, stop);
    });
    const code = report.left + report.unowned > 0 ? SOMETHING_LEFT : MOVED;
    if (json === true) say(JSON.stringify({ status: STATUS[code], pool: id, ...report, left }));
    else summarise(id, report);
    return code;
  } catch (error) {
    if (!stop.aborted) throw error;
    complain(`pool ${id}: interrupted: run this again to go on`);
    return SOMETHING_LEFT;
  }
}

function watchOf(pool: PoolId, hear: (left: Left) => void): MoveObserver {
  const progress = new Progress();
  let total = 0;
  return {
    begun: ({ from, to }, load) => {
      total = load.bytes;
      complain(
        `pool ${pool}: ${load.blobs} blobs with ${load.bytes} bytes move from location ${from} to location ${to}`,
      );
    },
    passed: (count) => progress.show(`pool ${pool}`, Math.min(count, total), total),
    left: (blob, reason) => {
      hear({ blob, reason });
    },
  };
}

function summarise(pool: PoolId, { from, to, moved, left, unowned }: MoveReport): void {
  say(`pool ${pool}: ${moved} blobs moved from location ${from} to location ${to}`);
  if (left > 0) say(`${left} blobs stay in location ${from} for now`);
  if (unowned > 0) say(`${unowned} blobs in location ${from} belong to nobody: see what "platter doctor" says of them`);
  if (left + unowned > 0) return;
  say(`location ${from} is not needed any more: let the pool have location ${to} as its own in the pools file, take`);
  say(`"moving_to" out, and restart every Platter with that`);
}

function poolId(text: string): PoolId {
  if (!/^[0-9]{1,15}$/.test(text)) throw new Error(`"${text}" is not the id of a pool`);
  return Number(text) as PoolId;
}

function bytesPerSecond(text: string): number {
  const { success, data, error } = byteCount.safeParse(text);
  if (!success) throw new Error(`--rate: ${error.issues.map(({ message }) => message).join('; ')}`);
  return data;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
