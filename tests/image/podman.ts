import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Podman with images, containers and settings of its own, apart from those of the machine. */
export interface Podman {
  /** An empty folder for files of the tests; `close` removes it. */
  readonly folder: string;
  /** Runs podman and returns its standard output. @throws if it fails, with what it printed. */
  podman(...args: readonly string[]): Promise<string>;
  /** Runs another program that calls podman, and returns its standard output. */
  run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  /** Removes all containers, images and volumes. */
  close(): Promise<void>;
}

/** Opens an empty store. Needs root, podman and runc. */
export async function openPodman(): Promise<Podman> {
  const own = await mkdtemp(join(tmpdir(), 'platter-podman-'));
  const folder = join(own, 'files');
  await mkdir(folder);
  const [settings, storage] = [join(own, 'containers.conf'), join(own, 'storage.conf')];
  await writeFile(settings, settingsOf());
  await writeFile(
    storage,
    `[storage]\ndriver = "overlay"\ngraphroot = "${join(own, 'storage')}"\nrunroot = "${join(own, 'run')}"\n`,
  );
  const environment = { ...process.env, CONTAINERS_CONF: settings, CONTAINERS_STORAGE_CONF: storage };

  const runProgram: Podman['run'] = async (program, args, env = {}) => {
    const { stdout } = await run(program, args, { env: { ...environment, ...env }, maxBuffer: 64 * 1024 * 1024 });
    return stdout.trim();
  };
  const podman: Podman['podman'] = async (...args) => runProgram('podman', args);
  return {
    folder,
    podman,
    run: runProgram,
    async close() {
      await podman('system', 'reset', '--force');
      await rm(own, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * runc, since crun refuses a mix of control groups of both versions; no systemd. Limits that this
 * process may set: the defaults of podman exceed the hard limits of some machines.
 */
function settingsOf(): string {
  const hardLimit = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  const files = hardLimit === 'unlimited' ? 65_536 : Math.min(65_536, Number(hardLimit));
  return [
    '[containers]',
    `default_ulimits = ["nofile=${files}:${files}", "nproc=32768:32768"]`,
    '[engine]',
    'runtime = "runc"',
    'cgroup_manager = "cgroupfs"',
    'events_logger = "file"',
    '',
  ].join('\n');
}
