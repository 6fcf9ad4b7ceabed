import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../support/files/temporary-folder.ts';
import { freshName, logIn } from '../support/http/client.ts';
import { startPlatter, type Platter } from '../support/program/platter.ts';
import { until } from '../support/waiting/until.ts';
import { TusRequests } from '../acceptance/tus/tus-requests.ts';

const OPEN = 1000;
const WARM_UP = 100;
/** How many uploads the program remembers between their requests. */
const SESSIONS = 16;
const AT_ONCE = 4;
const LENGTH = 100_000;
/** Less than an object for every second upload. */
const MAX_MORE_OBJECTS = OPEN / 2;
/** A snapshot begins with its counts. */
const HEAD_BYTES = 4096;

describe('Open uploads', () => {
  let folder: string;
  let platter: Platter;
  let root: TusRequests;
  const locations: string[] = [];
  beforeAll(async () => {
    folder = await temporaryFolder();
    platter = await startPlatter({
      env: {
        NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${folder}`,
        PLATTER_UPLOADS: String(SESSIONS),
        PLATTER_OPEN_UPLOADS: String(2 * OPEN),
      },
    });
    root = TusRequests.by(await logIn(platter.url));
  });

  afterAll(async () => {
    for (const location of locations) await root.remove(location);
  });

  /** Leaves this many uploads open, half of them with some of their bytes. */
  async function leave(count: number): Promise<void> {
    let left = count;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (left > 0) {
          left -= 1;
          const hasBytes = left % 2 === 0;
          const location = await root.created(LENGTH, { filename: freshName('open'), group: '0' });
          locations.push(location);
          if (hasBytes) expect((await root.patch(location, 0, Buffer.alloc(1000, 1))).status).toBe(204);
        }
      }),
    );
  }

  /** How many objects a snapshot of the program's heap has; it begins with a garbage collection. */
  async function objects(): Promise<number> {
    const before = new Set(await readdir(folder));
    platter.process.kill('SIGUSR2');
    const count = await until('a snapshot', async () => {
      const name = (await readdir(folder)).find((one) => !before.has(one));
      return name === undefined ? null : nodeCountOf(join(folder, name));
    });
    return Number(count);
  }

  it(`keep no object in memory, as ${OPEN} of them show`, async () => {
    await leave(WARM_UP);
    await objects();
    const before = await objects();
    await leave(OPEN);
    expect((await objects()) - before).toBeLessThan(MAX_MORE_OBJECTS);
  });
});

async function nodeCountOf(path: string): Promise<string | null> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES));
    return /"node_count":(\d+),/.exec(buffer.toString('latin1', 0, bytesRead))?.[1] ?? null;
  } finally {
    await file.close();
  }
}
