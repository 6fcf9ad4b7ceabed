import type { MoveReport, MoveObserver } from '../../application/moving/move-pool.ts';
import type { Log } from '../../application/ports/log.ts';
import type { BlobId, PoolId } from '../../domain/shared/ids.ts';
import { byteSize } from '../config/byte-size.ts';
import type { Config } from '../config/config.ts';
import { joinDepot } from '../server/depot.ts';
import { complain, say } from './examination-output.ts';
import { Progress } from './progress.ts';
import { withUseCases } from './with-use-cases.ts';

export interface MoveOptions {
  readonly rate?: string;
  readonly json?: boolean;
}

/** The exit codes; `COULD_NOT_MOVE` is the one of a failure. */
export const MOVED = 0;
export const SOMETHING_LEFT = 1;

const STATUS = { [MOVED]: 'moved', [SOMETHING_LEFT]: 'left' } as const;

const REASONS: Readonly<Record<string, string>> = {
  attached: 'it is attached to a server: detach it, and run this again',
  changed: 'a program wrote to it while it was copied: close it there, and run this again',
  damaged: 'its bytes are damaged: restore them from a backup, or remove the media item',
  'bytes-missing': 'some or all of its bytes are missing: restore them from a backup, or remove the media item',
  'not-kept': 'the copy did not read back as written: check the storage of the new location',
  'under-way': 'it is being created, copied or deleted: run this again later',
  'no-space': 'the new location is full: free space there, and run this again',
  'quota-exceeded': 'it is larger than the new location can store as one object',
};

interface Left {
  readonly blob: BlobId;
  readonly reason: string;
}

/**
 * Moves the bytes of a pool to the location in `moving_to`. Resolves with the exit code.
 *
 * @throws Error for the operator when the pool could not be moved
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
    started: ({ from, to }, load) => {
      total = load.bytes;
      complain(
        `pool ${pool}: ${load.blobs} blobs with ${load.bytes} bytes move from location ${from} to location ${to}`,
      );
    },
    read: (count) => progress.show(`pool ${pool}`, Math.min(count, total), total),
    left: (blob, reason) => {
      hear({ blob, reason });
    },
  };
}

function summarise(pool: PoolId, { from, to, moved, left, unowned }: MoveReport): void {
  say(`pool ${pool}: ${moved} blobs moved from location ${from} to location ${to}`);
  if (left > 0) say(`${left} blobs stay in location ${from} for now`);
  if (unowned > 0) say(`${unowned} blobs in location ${from} have no row in the database: run "platter doctor"`);
  if (left + unowned > 0) return;
  say(`location ${from} is not needed any more: make location ${to} the pool's own in the pools file, remove`);
  say(`"moving_to", and restart every Platter with that file`);
}

function poolId(text: string): PoolId {
  if (!/^[0-9]{1,15}$/.test(text)) throw new Error(`"${text}" is not the id of a pool`);
  return Number(text) as PoolId;
}

function bytesPerSecond(text: string): number {
  const { success, data, error } = byteSize.safeParse(text);
  if (!success) throw new Error(`--rate: ${error.issues.map(({ message }) => message).join('; ')}`);
  return data;
}
