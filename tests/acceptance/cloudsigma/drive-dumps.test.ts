import type { Answer } from '../../support/http/client.ts';
import { openCloud, createUser, type Cloud, type CloudScene, type Drive, type Listed } from './cloud.ts';
import { differences, recordedRequest, recordedResponse, withoutWords } from './dumps.ts';

/**
 * Recordings of two versions: the older ones lack two fields. There are no snapshots here, so a
 * drive that is ready is not snapshotable.
 */
const OLDER = { '.runtime.is_downloadable': '- → boolean', '.runtime.is_ephemeral': '- → boolean' };

/** The fields of a drive in a request. */
type Sent = Pick<Drive, 'name' | 'size'>;

/** The keys of `meta` are the user's. */
const OWN = ['.meta', '.objects[].meta'];

function below(location: string, found: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(found).map(([name, what]) => [location + name, what]));
}

describe('The recorded exchanges of drives', () => {
  let scene: CloudScene;
  let ann: Cloud;
  let some: Drive;
  beforeAll(async () => {
    scene = await openCloud();
    ann = (await createUser(scene)).cloud;
    some = await ann.make({ name: 'some', size: sent('request_drive_update_meta').size });
  });

  /** Returns the recorded drive of a request. */
  function sent(name: string): Sent {
    return recordedRequest(name).body as Sent;
  }

  /** Sends a recorded request, to `uuid` when the recording names a drive. */
  async function replay(name: string, uuid: string = some.uuid, body?: unknown): Promise<Answer> {
    const request = recordedRequest(name);
    const path = request.path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, uuid);
    return ann.call(`${request.method} ${path}`, body ?? request.body);
  }

  /** Fails unless an answer has the status and the shape of the recorded one, except `expected`. */
  function expectAsRecorded(answer: Answer, name: string, expected: Readonly<Record<string, string>> = {}): void {
    const recorded = recordedResponse(name);
    expect(answer.status).toBe(recorded.status);
    expect(differences(recorded.body, answer.body, OWN)).toEqual(expected);
  }

  it('match the answer of a creation', async () => {
    const answer = await replay('request_drive_create_minimal');
    expectAsRecorded(answer, 'response_drive_create_minimal', below('.objects[]', OLDER));
    const { objects } = answer.body as Listed;
    const [asked] = (recordedRequest('request_drive_create_minimal').body as Listed<Sent>).objects;
    expect(objects[0]).toMatchObject({ name: asked!.name, size: asked!.size, status: 'creating', meta: {} });
  });

  it('match the answer of the creation of several', async () => {
    const answer = await replay('request_drive_create_bulk');
    expectAsRecorded(answer, 'response_drive_create_bulk', below('.objects[]', OLDER));
    const asked = recordedRequest('request_drive_create_bulk').body as Listed<Sent>;
    expect(asked.objects).toHaveLength(5);
    expect((answer.body as Listed).objects.map(({ name }) => name)).toEqual(asked.objects.map(({ name }) => name));
  });

  it('match the answer of a view', async () => {
    const answer = await replay('request_drive_get_unmounted');
    expectAsRecorded(answer, 'response_drive_get_unmounted', OLDER);
    expect(answer.body).toMatchObject({ status: 'unmounted', storage_type: 'dssd', uuid: some.uuid });
  });

  it('match the answer of an update', async () => {
    const asked = sent('request_drive_edit');
    const { uuid } = await ann.make({ size: asked.size });
    const answer = await replay('request_drive_edit', uuid);
    expectAsRecorded(answer, 'response_drive_edit', OLDER);
    expect(answer.body).toMatchObject({ media: 'cdrom', name: asked.name, status: 'unmounted' });
  });

  it('match the answer of an update of meta', async () => {
    const answer = await replay('request_drive_update_meta');
    expectAsRecorded(answer, 'response_drive_update_meta');
    const recorded = recordedResponse('response_drive_update_meta').body as Drive;
    expect((answer.body as Drive).meta).toEqual(recorded.meta);
  });

  it('match the answer of a resize, with the requested size', async () => {
    const { size } = sent('request_drive_resize_action');
    const { uuid } = await ann.make({ size: size / 4 });
    const answer = await replay('request_drive_resize_action', uuid);
    // The recording has `true`: the original has snapshots.
    expectAsRecorded(answer, 'response_drive_resize_action');
    expect((answer.body as Listed).objects[0]).toMatchObject({ status: 'resizing', size });
    expect(await ann.get(uuid)).toMatchObject({ status: 'unmounted', size });
  });

  it('match the answer of a deletion', async () => {
    const { uuid } = await ann.make();
    const answer = await replay('request_drive_delete', uuid);
    expectAsRecorded(answer, 'response_drive_delete');
    expect(answer.text).toBe('');
    expect((await ann.call(`GET /drives/${uuid}/`)).status).toBe(404);
  });

  it('match the lists', async () => {
    expectAsRecorded(await replay('request_drive_list'), 'response_drive_list');
    expectAsRecorded(await replay('request_drive_list_detail'), 'response_drive_list_detail');
    expectAsRecorded(
      await replay('request_drive_list_just_uuid_and_status'),
      'response_drive_list_just_uuid_and_status',
    );
  });

  it('match the schema, except for unsupported fields', async () => {
    const answer = await replay('request_drive_schema');
    expectAsRecorded(answer, 'response_drive_schema');
    type Schema = Readonly<Record<string, unknown>> & { readonly fields: Readonly<Record<string, object>> };
    const { fields, ...rest } = answer.body as Schema;
    const { fields: recordedFields, ...recordedRest } = recordedResponse('response_drive_schema').body as Schema;
    // The contract has no PUT for lists.
    expect(rest).toEqual({ ...recordedRest, allowed_list_http_methods: ['get', 'delete', 'post'] });
    // Help texts are Platter's own, and storage types those of the host.
    expect(withoutWords(fields)).toEqual(
      withoutWords({ ...recordedFields, storage_type: { ...recordedFields.storage_type, choices: ['dssd'] } }),
    );
  });
});
