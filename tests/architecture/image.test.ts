import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { SETTINGS } from '../../src/infrastructure/config/settings.ts';
import { readDockerfile } from './containers.ts';

const manifest = z
  .object({ bin: z.object({ platter: z.string() }), engines: z.object({ node: z.string() }) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

const INSTRUCTIONS = /^(?:FROM|WORKDIR|COPY|RUN|ENV|VOLUME|EXPOSE|USER|HEALTHCHECK|STOPSIGNAL|ENTRYPOINT|CMD)$/;

describe('The image', () => {
  const instructions = readDockerfile();
  const all = (wanted: string): readonly string[] =>
    instructions.filter(({ name }) => name === wanted).map(({ argument }) => argument);
  const environment = new Map(
    all('ENV').flatMap((line) => line.split(' ').map((pair) => pair.split('=') as [string, string])),
  );

  it('uses existing instructions only', () => {
    expect(instructions.filter(({ name }) => !INSTRUCTIONS.test(name))).toEqual([]);
  });

  it('is built on a Node version that the package supports', () => {
    const images = new Set(all('FROM').map((line) => line.split(' ')[0]));
    expect([...images]).toEqual([expect.stringMatching(/^node:24\.\d+\.\d+-bookworm-slim$/)]);
    expect(manifest.engines.node).toBe('>=20.19');
  });

  it('is built from existing files that the build context includes', () => {
    const sources = all('COPY')
      .filter((line) => !line.startsWith('--from='))
      .flatMap((line) => line.split(' ').slice(0, -1));
    expect(sources.filter((source) => !existsSync(source))).toEqual([]);
    const visible = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(visible.sort()).toEqual(sources.sort());
  });

  it('runs the program as an unprivileged user, and stops it with SIGTERM', () => {
    expect(all('RUN').join('\n')).toContain(`ln -s /app/${manifest.bin.platter} /usr/local/bin/platter`);
    expect(all('ENTRYPOINT').concat(all('CMD'))).toEqual(['["platter"]', '["serve"]']);
    expect(all('USER')).toEqual(['node']);
    expect(all('STOPSIGNAL')).toEqual(['SIGTERM']);
  });

  it('sets only known settings', () => {
    const ours = [...environment.keys()].filter((name) => name.startsWith('PLATTER_'));
    expect(ours.filter((name) => !(name in SETTINGS))).toEqual([]);
  });

  it('exposes the port that it listens on', () => {
    const port = SETTINGS.PLATTER_PORT.fallback;
    expect(all('EXPOSE')).toEqual([port]);
    expect(all('HEALTHCHECK')[0]).toContain(`http://127.0.0.1:\${process.env.PLATTER_PORT ?? ${port}}/healthz`);
  });

  it('listens on all interfaces, and stores its data in the volume', () => {
    expect(environment.get('PLATTER_HOST')).toBe('0.0.0.0');
    expect(environment.get('PLATTER_DATA_DIR')).toBe(all('VOLUME')[0]);
  });
});
