import { openCloud, type CloudScene, type Listed } from './cloud.ts';
import { recordedRequest, recordedResponse, withoutWords } from './dumps.ts';
import { libraryFile, untilReady, type Said } from './library-files.ts';

interface RecordedLicense {
  readonly name: string;
  readonly resource_uri: string;
}

type Recorded = Said & {
  readonly uuid: string;
  readonly size: number;
  readonly media: string;
  readonly licenses: readonly { readonly amount: number; readonly license: RecordedLicense }[];
};

const bodyOf = (name: string): unknown => recordedResponse(name).body;

/** Returns the entry of a library file for a recorded library drive. */
function saidOf(recorded: Recorded): Said {
  const said = ['name', 'uuid', 'media', 'os', 'arch', 'distribution', 'version', 'category', 'image_type'];
  const more = ['description', 'install_notes', 'paid', 'favourite', 'url', 'meta'];
  const facts = [...said, ...more].map((name) => [name, recorded[name]] as const);
  return {
    name: recorded.name,
    ...Object.fromEntries(facts.filter(([, value]) => value !== null)),
    licences: recorded.licenses.map(({ amount, license }) => ({ licence: license.name, amount })),
  };
}

function declaredLicense({ name, resource_uri: uri, ...rest }: RecordedLicense): Readonly<Record<string, unknown>> {
  return { name, number: Number(/(\d+)\/$/.exec(uri)?.[1]), ...rest };
}

describe('The recorded library', () => {
  let scene: CloudScene;
  const [listed, single] = [
    bodyOf('response_libdrive_list') as Listed<Recorded>,
    bodyOf('response_libdrive_get') as Recorded,
  ];
  const drives = [...listed.objects.filter(({ uuid }) => uuid !== single.uuid), single];

  beforeAll(async () => {
    const licences = (bodyOf('response_licenses_list') as Listed<never>).objects.map(declaredLicense);
    const path = await libraryFile(drives.map(saidOf), licences);
    scene = await openCloud({ env: { PLATTER_LIBRARY_FILE: path } });
    await untilReady(scene.platter);
  });

  /** Sends the recorded request. */
  async function asked(name: string): Promise<unknown> {
    const { method, path, body } = recordedRequest(name);
    const answer = await scene.boss.call(`${method} ${path}`, body);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    return answer.body;
  }

  /** A deviation of the test: our images are smaller. */
  function withOurSize<T extends Recorded>(recorded: T, ours: unknown): T {
    const { size } = ours as Recorded;
    expect(size).toBeGreaterThan(0);
    return { ...recorded, size };
  }

  it('is listed, field for field', async () => {
    const ours = (await asked('request_libdrive_list')) as Listed<Recorded>;
    // A deviation of the test: the recorded library had more drives.
    expect(ours.meta).toEqual({ ...listed.meta, total_count: drives.length });
    const expected = drives.slice(0, 5).map((recorded, at) => withOurSize(recorded, ours.objects[at]));
    expect(ours.objects).toEqual(expected);
  });

  it('is answered one by one, field for field', async () => {
    const ours = await asked('request_libdrive_get');
    expect(ours).toEqual(withOurSize(single, ours));
  });

  it('is answered as drives, field for field', async () => {
    const ours = await asked('request_librdrive_get_through_drives');
    const recorded = bodyOf('response_librdrive_get_through_drives') as Recorded & { readonly runtime: object };
    // Intended deviations: library drives have the fields of all drives, as later recordings have;
    // and there are no snapshots here.
    const runtime = { ...recorded.runtime, is_downloadable: true, is_ephemeral: false, is_snapshotable: false };
    expect(ours).toEqual({ ...withOurSize(recorded, ours), runtime });
  });

  it('answers licenses_list, field for field', async () => {
    expect(await asked('request_licenses_list')).toEqual(bodyOf('response_licenses_list'));
  });

  it.each(['libdrive_schema', 'licenses_schema'])('answers %s, except for help texts', async (name) => {
    expect(withoutWords(await asked(`request_${name}`))).toEqual(withoutWords(bodyOf(`response_${name}`)));
  });
});
