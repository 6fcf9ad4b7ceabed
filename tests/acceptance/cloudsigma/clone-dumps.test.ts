import { until } from '../../support/waiting/until.ts';
import { openCloud, createUser, type Cloud, type Drive, type Listed } from './cloud.ts';
import { differences, recordedRequest, recordedResponse } from './dumps.ts';

type Clone = Drive & { readonly jobs: readonly { readonly uuid: string }[] };

/** Fields of a drive that the recording lacks. */
const NEWER = {
  '.objects[].runtime.is_downloadable': '- → boolean',
  '.objects[].runtime.is_ephemeral': '- → boolean',
};

describe('The recorded exchanges of clones and jobs', () => {
  let ann: Cloud;
  beforeAll(async () => (ann = (await createUser(await openCloud())).cloud));

  async function finished({ uuid }: Clone): Promise<void> {
    await until('the clone is ready', async () => (await ann.get(uuid)).status === 'unmounted');
  }

  it.each<[name: string, naming: string, expected: unknown]>([
    ['drive_clone', 'NONE', (recordedRequest('request_drive_clone').body as Drive).name],
    ['drive_clone_naming_none', 'NONE', 'source'],
    ['drive_clone_naming_counter', 'COUNTER', 'source_1'],
    ['drive_clone_naming_date', 'DATE', expect.stringMatching(/^source-\d{4}-\d\d-\d\d$/)],
    ['drive_clone_naming_timestamp', 'TIMESTAMP', expect.stringMatching(/^source-\d{4}-\d\d-\d\d [\d:]{8}$/)],
  ])('match the answer of %s', async (name, naming, expected) => {
    const recorded = recordedResponse(`response_${name}`);
    const [{ size }] = (recorded.body as Listed).objects as [Drive];
    const source = await ann.make({ name: 'source', media: 'cdrom', size: Math.floor(size / 2) });
    await ann.ask('PUT /profile/', { clone_naming: naming });
    const request = recordedRequest(`request_${name}`);
    const path = request.path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, source.uuid);
    const answer = await ann.call(`${request.method} ${path}`, request.body);
    expect(answer.status).toBe(recorded.status);
    // There are no snapshots here, so a drive is never snapshotable.
    const { '.objects[].runtime.is_snapshotable': snapshotable, ...found } = differences(recorded.body, answer.body);
    expect(['null → boolean', undefined]).toContain(snapshotable);
    expect(found).toEqual(NEWER);
    const made = (answer.body as Listed<Clone>).objects[0]!;
    expect(made).toMatchObject({ name: expected, status: 'cloning_dst', media: 'cdrom', storage_type: 'dssd' });
    await finished(made);
  });

  it('match the answers of jobs', async () => {
    const source = await ann.make();
    const { objects } = await ann.ask<Listed<Clone>>(`POST /drives/${source.uuid}/action/?do=clone`);
    await finished(objects[0]!);
    const answer = await ann.call(`GET /jobs/${objects[0]!.jobs[0]!.uuid}/`);
    expect(differences(recordedResponse('response_jobs_drive_clone').body, answer.body)).toEqual({});
    expect(answer.body).toMatchObject({
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}\+00:00$/) as unknown,
    });
    const list = await ann.call('GET /jobs/');
    expect(differences(recordedResponse('response_jobs_list').body, list.body)).toEqual({});
  });

  it('match the schema of jobs', async () => {
    const answer = await ann.call('GET /jobs/schema/');
    expect(differences(recordedResponse('response_jobs_schema').body, answer.body)).toEqual({});
    expect((answer.body as { filtering: object }).filtering).toEqual({ state: 1 });
  });
});
