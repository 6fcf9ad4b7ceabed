import { randomUUID } from 'node:crypto';
import { expectFault, openCloud, createUser, type Cloud, type Drive, type Listed } from './cloud.ts';
import { makeServer, makeTag, server, type Reference, type Server } from './server-fixtures.ts';

interface Tagged {
  readonly tags: readonly Reference[];
}

/** Returns the messages of an error by field. */
function messagesOf(body: unknown): Readonly<Record<string, string>> {
  const faults = body as { error_point: string; error_message: string }[];
  return Object.fromEntries(faults.map(({ error_point, error_message }) => [error_point, error_message]));
}

describe('Habits of SDKs and Terraform', () => {
  let ann: Cloud;
  beforeAll(async () => (ann = (await createUser(await openCloud())).cloud));

  describe('with drives', () => {
    it('get resizing for a PUT with another size, and not with the same size', async () => {
      const { uuid, name } = await ann.make({ size: 4096 });
      const larger = await ann.ask<Drive>(`PUT /drives/${uuid}/`, { name, media: 'disk', size: 8192 });
      expect(larger).toMatchObject({ status: 'resizing', size: 8192 });
      expect(await ann.get(uuid)).toMatchObject({ status: 'unmounted', size: 8192 });
      expect(await ann.ask(`PUT /drives/${uuid}/`, larger)).toMatchObject({ status: 'unmounted', size: 8192 });
      expect(await ann.ask(`PUT /drives/${uuid}/`, { name: 'renamed' })).toMatchObject({ status: 'unmounted' });
    });

    it('remove the tags by a full update without tags, and keep them by a partial one', async () => {
      const { uuid, name, media, size } = await ann.make();
      const tag = await makeTag(ann, { resources: [uuid] });
      const definition = { name, media, size };
      for (const left of Object.keys(definition)) {
        const part = Object.fromEntries(Object.entries(definition).filter(([field]) => field !== left));
        const { tags } = await ann.ask<Tagged>(`PUT /drives/${uuid}/`, part);
        expect([left, tags]).toMatchObject([left, [{ uuid: tag.uuid }]]);
      }
      expect(await ann.ask(`PUT /drives/${uuid}/`, { ...definition, tags: [tag.uuid] })).toMatchObject({
        tags: [{ uuid: tag.uuid }],
      });
      expect(await ann.ask(`PUT /drives/${uuid}/`, definition)).toMatchObject({ tags: [] });
    });

    it('resize with a full update', async () => {
      const { uuid } = await ann.make({ size: 4096 });
      await makeTag(ann, { resources: [uuid] });
      const definition = { name: 'resized', media: 'disk', size: 8192, meta: { by: 'resizing' } };
      const { objects } = await ann.ask<Listed>(`POST /drives/${uuid}/action/?do=resize`, definition);
      expect(objects).toMatchObject([{ uuid, status: 'resizing', ...definition, tags: [] }]);
      expect(await ann.get(uuid)).toMatchObject({ ...definition, tags: [], status: 'unmounted' });
    });

    it('resize with all changes or none', async () => {
      const { uuid, name } = await ann.make({ size: 4096 });
      const resize = `POST /drives/${uuid}/action/?do=resize`;
      const wrong = await ann.call(resize, { name: '', media: 'floppy', size: 8192 });
      expect(new Set(expectFault(wrong, 400, 'validation'))).toEqual(new Set(['name', 'media']));
      expect(expectFault(await ann.call(resize, { name: 'no size' }), 400, 'validation')).toEqual(['size']);
      const untagged = await ann.call(resize, { name: 'other', media: 'disk', size: 8192, tags: [randomUUID()] });
      expect(expectFault(untagged, 404, 'notexist')).toEqual(['tags']);
      expect(await ann.get(uuid)).toMatchObject({ name, size: 4096, status: 'unmounted' });
    });

    it.each(['not a uuid', randomUUID()])('get the field of an unknown tag: %s', async (tag) => {
      const { uuid } = await ann.make();
      for (const [operation, fields] of [
        [`PUT /drives/${uuid}/`, {}],
        ['POST /drives/', { name: 'tagged', media: 'disk', size: 1 }],
        ['POST /servers/', server()],
        [`PUT /servers/${(await makeServer(ann)).uuid}/`, {}],
      ] as const) {
        const answer = await ann.call(operation, { ...fields, tags: [tag] });
        expect([operation, expectFault(answer, 404, 'notexist')]).toEqual([operation, ['tags']]);
      }
    });
  });

  describe('with servers', () => {
    const KEPT = {
      auto_start: true,
      epcs: [{ name: 'one', size: 1024 }],
      nics: [{ firewall_policy: { uuid: randomUUID() }, ip_v4_conf: { conf: 'dhcp' } }],
    };

    it('get unused fields back', async () => {
      const made = await makeServer(ann, [], KEPT);
      const [policy] = KEPT.nics.map(({ firewall_policy: { uuid } }) => uuid);
      const expected = {
        auto_start: true,
        epcs: KEPT.epcs,
        nics: [{ firewall_policy: { uuid: policy, resource_uri: `/api/2.0/fwpolicies/${policy}/` } }],
      };
      expect(made).toMatchObject(expected);
      expect(await ann.ask(`GET /servers/${made.uuid}/`)).toEqual(made);
      expect(await ann.ask(`PUT /servers/${made.uuid}/`, made)).toEqual(made);
      expect(await ann.ask(`PUT /servers/${made.uuid}/`, { auto_start: false })).toMatchObject({ auto_start: false });
      for (const field of ['auto_start', 'epcs']) expect(await makeServer(ann)).not.toHaveProperty(field);
    });

    it('remove the tags by a full update without tags, and keep them by a partial one', async () => {
      const definition = server();
      const { uuid } = await makeServer(ann, [], definition);
      const tag = await makeTag(ann, { resources: [uuid] });
      for (const left of Object.keys(definition)) {
        const part = Object.fromEntries(Object.entries(definition).filter(([field]) => field !== left));
        expect(await ann.ask<Server>(`PUT /servers/${uuid}/`, part)).toMatchObject({ tags: [{ uuid: tag.uuid }] });
      }
      expect(await ann.ask(`PUT /servers/${uuid}/`, definition)).toMatchObject({ tags: [] });
    });
  });

  describe('with every body', () => {
    const NAMES = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype', '__defineGetter__'];
    const meta = Object.fromEntries(NAMES.map((name) => [name, `${name} is kept`]));
    const WITH_PROTO = '{"__proto__":"lost","a":"b"}';

    it('can use any key of their own, or get an error', async () => {
      const drive = await ann.make({ meta });
      const own = await makeServer(ann, [], { meta });
      const tag = await makeTag(ann, { meta });
      for (const [operation, path] of [
        [`/drives/${drive.uuid}/`, 'meta'],
        [`/servers/${own.uuid}/`, 'meta'],
        [`/servers/${own.uuid}/`, 'epcs'],
        [`/tags/${tag.uuid}/`, 'meta'],
      ] as const) {
        if (path === 'meta') expect(await ann.ask(`GET ${operation}`)).toMatchObject({ meta });
        const value = path === 'meta' ? WITH_PROTO : `[${WITH_PROTO}]`;
        const answer = await ann.send(`PUT ${operation}`, `{"${path}":${value}}`, {
          'content-type': 'application/json',
        });
        expect([operation, expectFault(answer, 400, 'validation')]).toEqual([operation, [path]]);
        expect(answer.text).toContain('__proto__');
      }
      expect(await ann.ask(`PUT /drives/${drive.uuid}/`, { meta: { constructor: 'one' } })).toMatchObject({
        meta: { constructor: 'one' },
      });
    });

    it.each([true, null, [], {}, '', 'many', '-1', '1.5', -1, 1.5, 2 ** 53, '9007199254740992'])(
      'is that what is no number is told what it should be: %j',
      async (value) => {
        const whole = expect.stringMatching(/^must be a whole number from 0 to \d+$/) as string;
        const drives = await ann.call('POST /drives/', { name: 'x', media: 'disk', size: value });
        expect([drives.status, messagesOf(drives.body)]).toEqual([400, { size: whole }]);
        const servers = await ann.call('POST /servers/', server({ cpu: value, mem: value, smp: value ?? 'none' }));
        expect([servers.status, messagesOf(servers.body)]).toEqual([400, { cpu: whole, mem: whole, smp: whole }]);
        if (value === null) return;
        const nics = await ann.call('POST /servers/', server({ nics: [{ boot_order: value }] }));
        expect([nics.status, messagesOf(nics.body)]).toEqual([
          400,
          { nics: expect.stringMatching(/boot_order: must be a whole number from 0 to \d+$/) as string },
        ]);
      },
    );

    it('get the expected type of every field', async () => {
      expect(messagesOf((await ann.call('POST /drives/', {})).body)).toEqual({
        name: 'is required',
        size: 'is required',
        media: 'must be one of cdrom, disk',
      });
      const fields = { name: 7, size: 1, media: 'disk', allow_multimount: 'yes', meta: [], affinities: {}, tags: [7] };
      expect(messagesOf((await ann.call('POST /drives/', fields)).body)).toEqual({
        name: 'must be a string',
        allow_multimount: 'must be true or false',
        meta: 'must be an object',
        affinities: 'must be a list',
        tags: '0: must be a uuid, or an object with one',
      });
      const long = { ['k'.repeat(33)]: 'v' };
      expect(messagesOf((await ann.call('PUT /drives/none/', { meta: long })).body)).toEqual({
        meta: `${'k'.repeat(33)}: a key has at most 32 characters`,
      });
    });
  });
});
