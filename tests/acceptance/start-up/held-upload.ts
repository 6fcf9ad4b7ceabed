import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer, Client, UploadOrder } from '../../support/http/client.ts';
import { gate } from '../../support/waiting/gate.ts';
import { until } from '../../support/waiting/until.ts';

/** An upload whose first half has been written. */
export interface HeldUpload {
  /** Sends the second half. */
  goOn(): void;
  /** The response, or `cut off` without one. */
  readonly outcome: Promise<Answer | 'cut off'>;
}

const HALF = new Uint8Array(64 * 1024).fill(7);
export const HELD_SIZE = 2 * HALF.length;

/** Starts an upload into `poolFolder`. Resolves when half of its bytes are in the partial file. */
export async function holdUpload(client: Client, order: UploadOrder, poolFolder: string): Promise<HeldUpload> {
  const before = new Set(await readdir(poolFolder));
  const rest = gate();
  async function* body(): AsyncGenerator<Uint8Array> {
    yield HALF;
    await rest.opened;
    yield HALF;
  }
  const headers = { 'content-length': HELD_SIZE };
  const outcome = client.upload({ ...order, headers }, body()).catch(() => 'cut off' as const);
  await until('half of the upload is written', async () => {
    const partial = (await readdir(poolFolder)).find((name) => name.startsWith('.partial-') && !before.has(name));
    if (partial === undefined) return false;
    return (await stat(join(poolFolder, partial))).size === HALF.length;
  });
  return { goOn: () => rest.open(), outcome };
}
