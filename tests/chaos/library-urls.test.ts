import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Installation, type Settings } from '../acceptance/start-up/installation.ts';
import { filesIn } from '../support/fixtures/pool-fixture.ts';
import { send } from '../support/http/client.ts';
import { FileServer, LongContent } from '../support/sources/file-server.ts';
import { until } from '../support/waiting/until.ts';

const MIB = 1024 * 1024;
const CONTENT = new LongContent(96 * MIB);
/** The example of the documentation. Its image is at `ORIGIN`. */
const [, EXAMPLE = ''] = /```yaml\n([^`]* url: [^`]*)```/.exec(readFileSync('docs/library.md', 'utf8')) ?? [];
const ORIGIN = 'https://images.example';

describe('A library drive with a URL', () => {
  let source: FileServer;
  let installation: Installation;
  let settings: Settings;
  beforeEach(async () => {
    source = await FileServer.open();
    installation = await Installation.beside();
    const file = join(installation.folder, 'library.yaml');
    const example = EXAMPLE.replace(ORIGIN, `http://127.0.0.1:${source.port}`);
    await writeFile(file, example.replace(/sha256: \w+/, `sha256: ${CONTENT.digest()}`));
    settings = { ...source.settings, PLATTER_LIBRARY_FILE: file };
  });
  afterEach(async () => source.close());

  const pathOf = (): string => new URL(/ url: (\S+)/.exec(EXAMPLE)![1]!).pathname;
  const isReady = async (url: string): Promise<boolean> =>
    (await send(url, { method: 'GET', path: '/readyz' })).status === 200;

  /** Resolves with the id of the drive once it is listed. */
  async function published(): Promise<string> {
    return until('it is published', async () => {
      const { output } = await installation.run(['library', 'list']);
      return output === '' ? null : output.split('\t')[0]!;
    });
  }

  it('does not keep the service from its start while its server is away, and is published later', async () => {
    const { port } = source;
    await source.close();
    const platter = installation.start(settings);
    const url = await platter.ready();
    await until('it is ready', async () => isReady(url));
    expect(await platter.logged('not published in the library')).toMatchObject({
      level: 'warn',
      reason: 'its URL cannot be reached, or may not be imported from',
    });
    source = await FileServer.open(port);
    source.serve(pathOf(), CONTENT);
    const id = await published();
    expect(await filesIn(installation.poolFolder)).toEqual([[id, CONTENT.size]]);
    await platter.stop();
  });

  it('is published by the next start after a kill in the middle, and nothing else remains', async () => {
    source.serve(pathOf(), CONTENT, { pause: { at: 48 * MIB, until: async () => new Promise(() => undefined) } });
    const killed = installation.start(settings);
    const url = await killed.ready();
    await until('half of it is sent', () => source.sent >= 48 * MIB);
    expect(await isReady(url)).toBe(true);
    killed.signalGroup('SIGKILL');
    await killed.ended();

    source.serve(pathOf(), CONTENT);
    const platter = installation.start(settings);
    await platter.ready();
    const id = await published();
    await until('nothing else remains', async () => {
      const files = await filesIn(installation.poolFolder);
      return files.length === 1 && files[0]![0] === id;
    });
    await platter.stop();
  });
});
