import { SETTINGS } from '../../src/infrastructure/config/settings.ts';
import { readComposition, readDockerfile } from './containers.ts';

describe('The compose file', () => {
  const { services, volumes } = readComposition();
  const postgres = services['postgres']!;
  const platter = services['platter']!;

  it.each(Object.entries(services))('publishes %s on the loopback only', (_name, { ports }) => {
    expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
  });

  it.each(Object.entries(services))('pins the version of %s', (_name, { image, build }) => {
    expect(build ?? image).toMatch(build === undefined ? /^[a-z/]+:v?\d+(?:\.\d+)+$/ : /^\.$/);
  });

  it.each(Object.entries(services))('gives %s minimal privileges', (_name, service) => {
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.read_only).toBe(true);
    // The image starts as root, hands its volume to another user and becomes that user.
    const becoming = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'];
    expect(service.cap_add).toEqual(service === postgres ? becoming : []);
  });

  it.each(Object.entries(services))('stores the data of %s in a named volume', (_name, service) => {
    expect(service.volumes.map((volume) => volume.split(':')[0]).filter((name) => !(name! in volumes))).toEqual([]);
  });

  it.each(Object.entries(services))('starts %s after healthy dependencies', (_name, { depends_on }) => {
    const blind = Object.entries(depends_on).filter(
      ([needed, { condition }]) => condition === 'service_healthy' && services[needed]?.healthcheck === undefined,
    );
    expect(blind).toEqual([]);
    expect(Object.keys(depends_on).filter((needed) => !(needed in services))).toEqual([]);
  });

  // https://hub.docker.com/_/postgres, "PGDATA": a volume below it, as up to 17, would be left
  // empty and the database lost.
  it('mounts the volume of PostgreSQL where version 18 writes', () => {
    expect(postgres.image).toMatch(/^postgres:18\./);
    expect(postgres.volumes).toEqual(['postgres:/var/lib/postgresql']);
  });

  it('points Platter at the database that it starts', () => {
    const { username, password, host, pathname } = new URL(String(platter.environment['DATABASE_URL']));
    const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = postgres.environment;
    expect([username, password, pathname]).toEqual([POSTGRES_USER, POSTGRES_PASSWORD, `/${String(POSTGRES_DB)}`]);
    expect(host).toBe('postgres:5432');
  });

  it('sets only known settings', () => {
    expect(Object.keys(platter.environment).filter((name) => !(name in SETTINGS))).toEqual([]);
  });

  it('publishes the port that Platter listens on', () => {
    const port = SETTINGS.PLATTER_PORT.fallback;
    expect(platter.ports).toEqual([`127.0.0.1:${port}:${port}`]);
  });

  it('waits longer than the shutdown grace before it kills', () => {
    const [, seconds] = /^(\d+)s$/.exec(platter.stop_grace_period ?? '') ?? [];
    expect(Number(seconds)).toBeGreaterThan(Number(SETTINGS.PLATTER_SHUTDOWN_GRACE.fallback));
  });

  it('stores media in the volume that the image declares', () => {
    const declared = readDockerfile().filter(({ name }) => name === 'VOLUME');
    expect(platter.volumes.map((volume) => volume.split(':')[1])).toEqual(declared.map(({ argument }) => argument));
  });
});
