import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readComposition, readDockerfile } from '../architecture/containers.ts';
import { gate } from '../support/waiting/gate.ts';
import { until } from '../support/waiting/until.ts';
import { Container } from './container.ts';
import { openPodman, type Podman } from './podman.ts';

const CONTENT = randomBytes(3_000_001);
/** The image needs no rights and writes to its volume only, as in the compose file. */
const LEAST_RIGHTS = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];

let engine: Podman;

beforeAll(async () => {
  engine = await openPodman();
  const built = readDockerfile().find(({ name }) => name === 'FROM')!.argument;
  const { services } = readComposition();
  await engine.run(join(import.meta.dirname, 'make-images'), [
    engine.folder,
    built.split(' ')[0]!,
    services['postgres']!.image!,
  ]);
  await engine.podman('build', '--format', 'docker', '--network', 'host', '--tag', 'platter', resolve('.'));
});

afterAll(async () => engine.close());

async function upload(container: Container, name: string): Promise<string> {
  const client = await container.logIn();
  const { status, body } = await client.upload({ group: 0, name, readonly: true }, CONTENT);
  expect(status).toBe(200);
  return (body as { mid: string }).mid;
}

async function expectContent(container: Container, mid: string): Promise<void> {
  const { status, bytes } = await (await container.logIn()).read(mid);
  expect(status).toBe(200);
  expect(bytes.equals(CONTENT)).toBe(true);
}

describe('The image, alone', () => {
  const container = new Container(() => engine, 'alone');

  beforeAll(async () => {
    await engine.podman(
      'run',
      '--detach',
      '--name',
      'alone',
      ...LEAST_RIGHTS,
      '--publish',
      '127.0.0.1::8090',
      'platter',
    );
    await container.untilReady();
  });

  it('serves without any rights, with its own database, and answers the doctor and the health check', async () => {
    expect(await container.execute('id', '--user', '--name')).toBe('node');
    expect(await container.execute('node', '--version')).toMatch(/^v24\./);
    await expectContent(container, await upload(container, 'alone.iso'));
    expect(await container.execute('platter', 'doctor')).toMatch(/1 blobs compared\nhealthy$/);
    await engine.podman('healthcheck', 'run', 'alone');
  });

  it('contains neither sources nor development packages', async () => {
    const packages = await container.execute('ls', '/app', '/app/node_modules');
    expect(packages.split('\n')).toEqual(expect.arrayContaining(['dist', 'express']));
    expect(packages.split('\n')).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:src|tests|jest|vite)$/)]),
    );
  });

  it('ends running uploads before it stops, and keeps everything in its volume', async () => {
    const client = await container.logIn();
    const [started, rest] = [gate(), gate()];
    async function* body(): AsyncGenerator<Uint8Array> {
      yield CONTENT.subarray(0, 1_000_000);
      started.open();
      await rest.opened;
      yield CONTENT.subarray(1_000_000);
    }
    const headers = { 'content-length': CONTENT.length };
    const uploading = client.upload({ group: 0, name: 'draining.iso', headers }, body());
    await started.opened;
    const stopping = container.stop();
    await until('the program drains', async () => (await container.log()).includes('Platter is stopping'));
    rest.open();
    const { status, body: item } = await uploading;
    await stopping;
    expect(status).toBe(200);
    expect(await container.exitCode()).toBe(0);
    await container.start();
    await expectContent(container, (item as { mid: string }).mid);
  });
});

describe('The compose file', () => {
  const container = new Container(() => engine, 'platter_platter_1');
  let file: string;

  /** The services whose images can be made here: the S3 server's cannot. */
  async function compose(...args: readonly string[]): Promise<string> {
    return engine.run('podman-compose', ['--project-name', 'platter', '--file', file, ...args]);
  }

  beforeAll(async () => {
    // Ports that are free on this machine, and the image that was built above.
    const text = readFileSync('docker-compose.yml', 'utf8')
      .replaceAll(/127\.0\.0\.1:\d+:/g, '127.0.0.1::')
      .replace('build: .', 'image: platter');
    file = join(engine.folder, 'docker-compose.yml');
    await writeFile(file, text);
    await compose('up', '--detach', 'postgres', 'platter');
  });

  it('starts Platter on its PostgreSQL, and both keep what they store', async () => {
    await container.untilReady();
    await engine.podman('healthcheck', 'run', 'platter_postgres_1');
    const mid = await upload(container, 'composed.iso');
    expect(await container.execute('ls', '/var/lib/platter')).not.toContain('postgres');
    expect(await container.execute('platter', 'doctor')).toMatch(/1 blobs compared\nhealthy$/);

    await compose('down');
    await compose('up', '--detach', 'postgres', 'platter');
    await container.untilReady();
    await expectContent(container, mid);
  });
});
