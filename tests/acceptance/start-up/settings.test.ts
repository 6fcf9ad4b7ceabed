import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { logIn } from '../../support/http/client.ts';
import { filesIn } from '../../support/fixtures/pool-fixture.ts';
import { poolsFile } from './pools-file.ts';
import { Installation } from './installation.ts';

/** Returns the faults that the program reports, line by line. */
function faultsIn(complaints: string): string[] {
  return complaints
    .replace(/^platter: /, '')
    .trimEnd()
    .split('\n');
}

describe('The settings', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.beside();
  });

  it('are all validated at once, and no secret is printed', async () => {
    const secret = 'drumlin';
    const complaints = await installation.refusal({
      PLATTER_HOTS: '127.0.0.1',
      PLATTER_PORT: '65536',
      PLATTER_POOLS_FILE: join(installation.folder, 'nowhere.yaml'),
      PLATTER_ROOT_PASSWORD: secret.repeat(200),
      DATABASE_URL: `mysql://root:${secret}@127.0.0.1/platter`,
      PLATTER_DATABASE_CONNECTIONS: '1',
      PLATTER_AUTHKEY_LIFETIME: 'ten minutes',
      PLATTER_TRUSTED_PROXIES: '127.0.0.1, proxy.example',
      PLATTER_UPLOADS: '0',
      PLATTER_IMPORT_HOSTS: 'example.org, https://example.org/',
      PLATTER_IMPORT_PORTS: '8080, http',
      PLATTER_IMPORT_NETWORKS: '10.0.0.0/8, mirror.example',
      PLATTER_IMPORT_DNS: '10.0.0.2, dns.example',
      PLATTER_UPLOAD_IDLE: '0',
      PLATTER_UPLOAD_RATE: '-1',
      PLATTER_LEASE: '0',
      PLATTER_LEASE_GRACE: '1.5',
      PLATTER_SHUTDOWN_GRACE: '',
      PLATTER_LOG_LEVEL: 'loud',
    });
    expect(faultsIn(complaints).sort()).toEqual([
      expect.stringMatching(/nowhere\.yaml: can't be read: ENOENT/),
      'DATABASE_URL: must begin with postgres://',
      'PLATTER_AUTHKEY_LIFETIME: must be a whole number',
      'PLATTER_DATABASE_CONNECTIONS: must be from 4 to 1000',
      'PLATTER_HOTS: there is no such setting',
      'PLATTER_IMPORT_DNS: must be addresses, with or without a port, such as 10.0.0.2, 10.0.0.2:5353 or [fd00::2]:53',
      'PLATTER_IMPORT_HOSTS: must be names or addresses of hosts, such as example.org, *.example.org or 10.0.0.7',
      'PLATTER_IMPORT_NETWORKS: must be addresses or networks, such as 10.0.0.7 or 10.0.0.0/8',
      'PLATTER_IMPORT_PORTS: must be ports, such as 8080,8443',
      'PLATTER_LEASE: must be from 1 to 3600',
      'PLATTER_LEASE_GRACE: must be a whole number',
      expect.stringMatching(/^PLATTER_LOG_LEVEL: .*"debug"/),
      'PLATTER_PORT: must be from 0 to 65535',
      'PLATTER_ROOT_PASSWORD: a password has at most 1024 bytes in UTF-8',
      'PLATTER_TRUSTED_PROXIES: must be addresses or networks, such as 10.0.0.7 or 10.0.0.0/8',
      'PLATTER_UPLOADS: must be from 1 to 100000',
      'PLATTER_UPLOAD_IDLE: must be from 1 to 86400',
      'PLATTER_UPLOAD_RATE: must be a whole number',
    ]);
    expect(complaints).not.toContain(secret);
  });

  it('refuse an invalid database URL', async () => {
    const complaints = await installation.refusal({
      DATABASE_URL: 'postgres://platter:drum[lin@127.0.0.1:port/platter',
    });
    expect(faultsIn(complaints)).toEqual(['DATABASE_URL: must be a URL: encode special characters in its parts']);
  });

  it('treat an empty variable as unset', async () => {
    const platter = installation.start({ PLATTER_HOST: '', PLATTER_POOLS_FILE: '', PLATTER_LOG_LEVEL: '' });
    const url = await platter.ready();
    expect(await platter.logged('Platter is ready')).toMatchObject({ host: '127.0.0.1' });
    await logIn(url, 'root', await installation.rootPassword());
    await platter.stop();
  });

  it('lead to an error with the reason why the database cannot be used', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    const complaints = await installation.refusal({
      DATABASE_URL: `postgres://platter:drumlin@127.0.0.1:${port}/platter`,
    });
    expect(complaints).toBe(
      `platter: the database cannot be used\n  because: connect ECONNREFUSED 127.0.0.1:${port}\n`,
    );
  });

  it('lead to an error that names the port that is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const complaints = await installation.refusal({ PLATTER_PORT: String(port) });
    expect(complaints).toContain(`address already in use 127.0.0.1:${port}`);
    await new Promise((resolve) => other.close(resolve));
  });

  it('lead to an error that names a data directory that cannot be created', async () => {
    await writeFile(join(installation.folder, 'file'), '');
    const directory = join(installation.folder, 'file', 'data');
    const complaints = await installation.refusal({ PLATTER_DATA_DIR: directory });
    expect(complaints).toContain(`platter: The data directory ${directory} cannot be created: ENOTDIR`);
  });
});

describe('The pools file', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.beside();
  });

  async function faultsOf(text: string): Promise<string[]> {
    const path = join(installation.folder, 'pools.yaml');
    await writeFile(path, text);
    const complaints = await installation.refusal({ PLATTER_POOLS_FILE: path });
    return faultsIn(complaints).map((fault) => fault.replace(`${path}: `, ''));
  }

  it('must be YAML', async () => {
    const [fault] = await faultsOf('pools:\n  - mpid: 1\n   name: a\n');
    expect(fault).toMatch(/^can't be read: .* at line 3, column 1:$/);
  });

  it('must name pools, and no unknown key', async () => {
    expect(await faultsOf('pools: []\ndepot: 1\n')).toEqual([
      'pools: must name at least one pool',
      'Unrecognized key: "depot"',
    ]);
  });

  it('must have valid entries, and all faults are reported at once', async () => {
    const faults = await faultsOf(
      poolsFile(
        { mpid: -1, name: 'a', path: 'a', default: true },
        { mpid: 2, name: '', path: 'b', capacity: '5 parsecs' },
        { mpid: 3, name: 'c', colour: 'red' },
        { mpid: '4', name: 'd', path: '', default: 'yes' },
      ),
    );
    expect(faults.map((fault) => fault.split(': ').slice(0, 2).join(': ')).sort()).toEqual([
      'pools.0.mpid: Too small',
      'pools.1.capacity: must be a number of bytes, such as 500, 20GB or "1.5 TiB"',
      'pools.1.name: must have 1 to 255 bytes and no control characters',
      'pools.2.path: Invalid input',
      'pools.2: Unrecognized key',
      'pools.3.default: Invalid input',
      'pools.3.mpid: Invalid input',
      'pools.3.path: Too small',
    ]);
  });

  it('must not contradict itself', async () => {
    const faults = await faultsOf(
      poolsFile(
        { mpid: 1, name: 'a', path: 'a', default: true },
        { mpid: 1, name: 'b', path: 'b', default: true },
        { mpid: 2, name: 'c', path: './x/../a' },
      ),
    );
    expect(faults).toEqual([
      'mpid 1 is given to two pools',
      `two pools share the folder ${join(installation.folder, 'a')}`,
      'exactly one pool must have "default: true"',
    ]);
    expect(await faultsOf(poolsFile({ mpid: 1, name: 'a', path: 'a' }, { mpid: 2, name: 'b', path: 'b' }))).toEqual([
      'exactly one pool must have "default: true"',
    ]);
  });

  it('has paths relative to its folder, and capacities with units, which are enforced', async () => {
    const folder = join(installation.folder, 'etc');
    await mkdir(folder);
    const path = join(folder, 'pools.yaml');
    await writeFile(path, poolsFile({ mpid: 7, name: 'small', path: '../media/seven', capacity: '1.5 KiB' }));
    const platter = installation.start({ PLATTER_POOLS_FILE: path });
    const client = await logIn(await platter.ready(), 'root', await installation.rootPassword());
    const { body } = await client.call('PUT /m/media/create', { gid: 0, mpid: 7, name: 'large', size: 1537 });
    expect(body).toEqual({
      code: 8221,
      message: 'pool quota exceeded: 1537 bytes needed, 1536 bytes left',
    });
    await client.ask('PUT /m/media/create', { gid: 0, mpid: 7, name: 'fits', size: 1536 });
    expect(await client.ask('POST /m/pool/list', { gid: 0 })).toEqual({
      pools: [expect.objectContaining({ mpid: 7, name: 'small', write: true, manage: true, used: 1536, available: 0 })],
    });
    expect(await filesIn(join(installation.folder, 'media', 'seven'))).toEqual([[expect.any(String), 1536]]);
    await platter.stop();
  });
});
