import { freshName, uploadHeaders, type UploadOrder } from '../../support/http/client.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { rowsOf } from '../../support/database/test-database.ts';
import { head, RawConnection } from '../../support/http/raw-http.ts';
import { Cloud } from '../cloudsigma/cloud.ts';
import { row, type AnyAnswer, type Provoke } from './provocation.ts';
import { beginUpload } from './raw-upload.ts';
import { makeAssignedGroup, makeGroup, makeUser, NOWHERE, untilAdmitted, type Scene, type Terms } from './scene.ts';

/** Uploads ten bytes to the root group as root, with these changes. */
function root(changed: Partial<UploadOrder> = {}): Provoke {
  return async ({ root: client }) =>
    client.upload({ group: 0, name: freshName('media'), ...changed }, Buffer.alloc(10));
}

/** Uploads ten bytes with this header changed or removed. */
function header(name: string, value?: string): Provoke {
  return root({ headers: { [name]: value } });
}

/** Uploads ten bytes to a new group with this assignment. */
function within(terms: Terms | null): Provoke {
  return async (scene) => {
    const group = terms === null ? await makeGroup(scene) : await makeAssignedGroup(scene, terms);
    return root({ group })(scene);
  };
}

/** Sends headers that Node's client refuses, and a body. */
function raw(lengthHeaders: Readonly<Record<string, string>>, body: string): Provoke {
  return async (scene) => sendRaw(scene, lengthHeaders, body);
}

async function sendRaw({ root: client }: Scene, lengthHeaders: object, body: string): Promise<AnyAnswer> {
  const connection = await RawConnection.open(client.url);
  const headers = uploadHeaders({ group: 0, name: freshName('media') }) as Record<string, string>;
  const authorization = `Bearer ${client.authkey}`;
  await connection.send(head('PUT /m/media/upload', { authorization, ...headers, ...lengthHeaders }) + body);
  return connection.answer();
}

/** Deletes an upload of root through the CloudSigma dialect, which lists uploads under way. */
async function deletedMeanwhile(scene: Scene): Promise<AnyAnswer> {
  const name = freshName('media');
  const connection = await beginUpload(scene.root, { group: 0, name }, 10);
  await untilAdmitted(scene, name);
  const [row] = await rowsOf(scene.platter.database.url, `select id from media where name = '${name}'`);
  await new Cloud(scene.platter.url, 'root', ROOT_PASSWORD).ask(`DELETE /drives/${String(row!.id)}/`);
  return connection.answer();
}

/** A digest of other bytes, in Base64. */
const OTHER = Buffer.alloc(32).toString('base64');

/** Errors of `/m/media/upload`. */
export const UPLOAD = [
  row(9200, 403, 'the permission is held elsewhere', async (scene) => {
    const { client } = await makeUser(scene, await makeGroup(scene), 'velocity.media.create');
    return client.upload({ group: await makeAssignedGroup(scene), name: freshName('media') }, 'a');
  }),
  row(9201, 403, 'the group may only write', within({ manage: false })),
  row(9201, 403, 'the group was not assigned', within(null)),
  row(9210, 400, 'there is no length', raw({}, '')),
  row(9210, 400, 'the body comes in chunks', raw({ 'transfer-encoding': 'chunked' }, '1\r\na\r\n0\r\n\r\n')),
  row(9210, 400, 'the length is not a number', raw({ 'content-length': 'ten' }, '')),
  row(9210, 400, 'the length is negative', raw({ 'content-length': '-1' }, '')),
  row(9210, 400, 'the length is too large', raw({ 'content-length': '9007199254740992' }, '')),
  row(9210, 400, 'the length has too many digits', raw({ 'content-length': '99999999999999999999' }, '')),
  row(9212, 400, 'it is missing', header('x-velocity-mpid')),
  row(9212, 400, 'it is not a number', header('x-velocity-mpid', 'one')),
  row(9212, 400, 'it is empty', header('x-velocity-mpid', '')),
  row(9213, 400, 'it is missing', header('x-velocity-gid')),
  row(9213, 400, 'it is negative', header('x-velocity-gid', '-1')),
  row(9214, 400, 'it is missing', header('x-velocity-name')),
  row(9214, 400, 'it is empty', header('x-velocity-name', '')),
  row(9214, 400, 'it is too long', header('x-velocity-name', 'x'.repeat(256))),
  row(9214, 400, 'it is not UTF-8', header('x-velocity-name', '\xff\xfe')),
  row(9214, 400, 'it holds a control character', header('x-velocity-name', "UTF-8''a%0Ab")),
  row(9215, 400, 'it is missing', header('x-velocity-type')),
  row(9215, 400, 'it is empty', header('x-velocity-type', '')),
  row(9216, 400, 'it is missing', header('x-velocity-readonly')),
  row(9216, 400, 'it is neither true nor false', header('x-velocity-readonly', 'yes')),
  row(9217, 404, 'there is no such group', root({ group: NOWHERE })),
  row(9218, 404, 'there is no such pool', root({ pool: NOWHERE })),
  row(9219, 404, 'the item was deleted meanwhile', deletedMeanwhile),
  row(9220, 409, 'the name is taken', async (scene) => {
    const name = freshName('media');
    await root({ name })(scene);
    return root({ name })(scene);
  }),
  row(9221, 406, 'it is one byte over the quota', within({ quota: 9 })),
  row(9222, 413, 'more bytes come than promised', raw({ 'content-length': '10' }, 'x'.repeat(64))),
  row(110, 400, 'it is a part of a body', header('content-range', 'bytes 10-19/20')),
  row(114, 415, 'its body is compressed', header('content-encoding', 'gzip')),
  row(114, 415, 'its body is a form', header('content-type', 'multipart/form-data; boundary=x')),
  row(110, 400, 'a digest is malformed', header('repr-digest', 'sha-256=:AAAA:')),
  row(110, 400, 'a digest is not a byte sequence', header('content-digest', 'sha-256')),
  row(110, 400, 'a digest in hexadecimal is too short', header('x-velocity-sha256', 'abc')),
  row(9223, 400, 'Repr-Digest does not match', header('repr-digest', `sha-256=:${OTHER}:`)),
  row(
    9223,
    400,
    'the digest of the content is another',
    header('content-digest', `sha-512=:AA==:, sha-256=:${OTHER}:`),
  ),
  row(9223, 400, 'x-velocity-sha256 does not match', header('x-velocity-sha256', 'ab'.repeat(32))),
  row(9224, 400, 'its format needs another file', async ({ root: client }) =>
    client.upload({ group: 0, name: freshName('media') }, 'vhdxfile'.padEnd(512)),
  ),
];
