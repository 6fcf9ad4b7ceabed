import { expectFault, openCloud, createUser, type Cloud, type CloudScene } from './cloud.ts';
import { differences, recordedRequest, recordedResponse } from './dumps.ts';

type Fields = Readonly<Record<string, unknown>>;

const POOLS = `
pools:
  - { mpid: 1, name: fast, path: fast, storage_type: nvme, capacity: 5GB }
  - { mpid: 2, name: slow, path: slow, default: true }
`;

describe('The recorded exchanges of accounts', () => {
  let scene: CloudScene;
  let ann: Cloud;
  beforeAll(async () => {
    scene = await openCloud({ poolsFile: POOLS });
    ann = (await createUser(scene)).cloud;
  });

  it('match the answer of GET /profile/', async () => {
    const { method, path } = recordedRequest('request_profile');
    const answer = await ann.call(`${method} ${path}`);
    expect(answer.status).toBe(200);
    expect(differences(recordedResponse('response_profile').body, answer.body)).toEqual({});
    expect(answer.body).toMatchObject({ email: ann.name, state: 'REGULAR', clone_naming: 'NONE', first_name: '' });
    expect((answer.body as { signup_time: string }).signup_time).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}\+00:00$/);
  });

  it('match the answer of PUT /profile/, which stores the names and the naming of clones', async () => {
    const request = recordedRequest('request_drive_clone_naming_set_profile_to_counter');
    const { uuid } = await ann.ask<Fields>('GET /profile/');
    const answer = await ann.call('PUT /profile/', request.body);
    expect(answer.status).toBe(200);
    // This recording is older than that of GET: it lacks four fields.
    expect(
      differences(recordedResponse('response_drive_clone_naming_set_profile_to_counter').body, answer.body),
    ).toEqual({
      '.has_tx_autotopup': '- → boolean',
      '.network_restrictions': '- → null',
      '.tx_autotopup_amount': '- → string',
      '.tx_autotopup_threshold': '- → string',
    });
    const { clone_naming, first_name, last_name } = request.body as Fields;
    const kept = { clone_naming, first_name, last_name, email: ann.name, uuid };
    expect(answer.body).toMatchObject(kept);
    expect(await ann.ask('GET /profile/')).toEqual(answer.body);
  });

  it('are followed by updates that keep absent fields, and name every wrong one', async () => {
    await ann.ask('PUT /profile/', { clone_naming: 'DATE', last_name: 'Roe' });
    await ann.ask('PUT /profile/', { first_name: 'Ann' });
    expect(await ann.ask('GET /profile/?fields=clone_naming,first_name,last_name')).toEqual({
      clone_naming: 'DATE',
      first_name: 'Ann',
      last_name: 'Roe',
    });
    const wrong = await ann.call('PUT /profile/', { clone_naming: 'RANDOM', first_name: 7 });
    expect(expectFault(wrong, 400, 'validation')).toEqual(['clone_naming', 'first_name']);
  });

  it('match the answer of GET /capabilities/', async () => {
    const { method, path } = recordedRequest('request_capabilities');
    const answer = await ann.call(`${method} ${path}`);
    expect(answer.status).toBe(200);
    // Capabilities are by storage type, processor and hypervisor, whose names depend on the host.
    const opaque = ['.drives', '.hosts', '.hypervisors'];
    expect(differences(recordedResponse('response_capabilities').body, answer.body, opaque)).toEqual({});
    const { drives, default_storage_type } = answer.body as { drives: Fields; default_storage_type: string };
    expect(default_storage_type).toBe('dssd');
    expect(drives).toMatchObject({
      nvme: { min_size: 0, max_size: 5e9 },
      dssd: { min_size: 0, max_size: Number.MAX_SAFE_INTEGER },
    });
    const recorded = (recordedResponse('response_capabilities').body as { drives: Fields }).drives.dssd;
    for (const type of Object.values(drives)) expect(differences(recorded, type)).toEqual({});
  });
});
