import { execFile, spawnSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder } from '../files/temporary-folder.ts';
import { STUCK_AFTER_MS } from '../waiting/stuck-after.ts';

/** A client, or another program beside one, that the host may have. */
export type RealClient = 'curl' | 'wget' | 'python3' | 'qemu-img' | 'zstd';

/** A client, a Python library, or the driver of qemu for URLs. */
type Needed = RealClient | 'requests' | 'qemu-block-extra';

/** Commands that succeed if the program is installed. */
const PROBES: Readonly<Record<Needed, readonly [program: string, ...args: string[]]>> = {
  curl: ['curl', '--version'],
  wget: ['wget', '--version'],
  python3: ['python3', '--version'],
  requests: ['python3', '-c', 'import requests'],
  'qemu-img': ['qemu-img', '--version'],
  zstd: ['zstd', '--version'],
  'qemu-block-extra': ['bash', '-c', "qemu-img info http://127.0.0.1:9/ 2>&1 | grep -q 'CURL'"],
};

const INSTALLED = new Map<Needed, boolean>();

function isInstalled(client: Needed): boolean {
  const [program, ...args] = PROBES[client];
  const known = INSTALLED.get(client) ?? spawnSync(program, args, { stdio: 'ignore' }).status === 0;
  INSTALLED.set(client, known);
  return known;
}

/**
 * Returns the title of a test that needs a client. No test is skipped: without the client it fails
 * in CI, and elsewhere its title says that the promise was not seen.
 */
export function titleWithClient(client: Needed, promise: string): string {
  return isInstalled(client) ? promise : `${promise} (NOT SEEN: there is no ${client} here)`;
}

/** Runs a test if its client is installed: see `titleWithClient`. */
export function withClient<Args extends readonly unknown[]>(
  client: Needed,
  test: (...args: Args) => Promise<void>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    if (isInstalled(client)) await test(...args);
    else expect(process.env.CI).not.toBe('true');
  };
}

/** The output and exit status of a client. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a client without proxies and configuration of the host. */
export async function run(client: RealClient, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH, HOME: tmpdir(), LC_ALL: 'C.UTF-8' };
    execFile(client, args, { env, timeout: STUCK_AFTER_MS, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number')
        reject(new Error(`${client} did not end`, { cause: error }));
      else resolve({ status: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

/** Creates a sparse file of `size` zeros. */
export async function zeros(size: number): Promise<string> {
  const path = join(await temporaryFolder(), 'image.raw');
  const file = await open(path, 'w');
  await file.truncate(size);
  await file.close();
  return path;
}
