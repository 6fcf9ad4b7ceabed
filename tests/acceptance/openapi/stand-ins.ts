import { randomBytes } from 'node:crypto';
import type { Client } from '../../support/http/client.ts';
import { freshName, logIn } from '../../support/http/client.ts';
import { ROOT_PASSWORD } from '../../support/program/platter.ts';
import { until } from '../../support/waiting/until.ts';
import { Cloud, type Drive, type Listed } from '../cloudsigma/cloud.ts';
import { at, makeServer, makeTag } from '../cloudsigma/server-fixtures.ts';
import { NativeClient } from '../native/native-client.ts';
import { TusRequests } from '../tus/tus-requests.ts';
import { assign, give, makeGroup, makeUser, midOf, type Scene } from '../velocity/scene.ts';

/** How fast clones are copied, in bytes per second. */
export const COPY_RATE = 1_048_576;

/**
 * Creates the objects that examples name, and substitutes their ids: the ids of the examples do not
 * exist in a new program.
 */
export class StandIns {
  readonly #scene: Scene;
  readonly #libraryDrive: string;
  readonly #uploads: string[] = [];
  /** The item of a path that also names a link of it. */
  #linked = '';
  readonly boss: Cloud;

  constructor(scene: Scene, libraryDrive: string) {
    this.#scene = scene;
    this.#libraryDrive = libraryDrive;
    this.boss = new Cloud(scene.platter.url, 'root', ROOT_PASSWORD);
  }

  /** Returns the value with existing ids, by the names of its fields. */
  async inBody(value: unknown): Promise<unknown> {
    const group = await this.#group();
    return this.#replaced(value, group);
  }

  /** Returns the value of a path parameter; undefined when any value works. */
  async inPath(call: string, name: string, example: string | null): Promise<string | undefined> {
    const [method = '', path = ''] = call.split(' ');
    if (name === 'mid') return this.#media(await this.#group());
    if (name === 'id') return this.#upload();
    if (path.startsWith('/v1/')) return this.#inNativePath(method, path, name);
    if (path.startsWith('/l/')) return name === 'secret' ? this.#secret() : undefined;
    if (name === 'token') return (await this.#chunkLink(await this.#chunked(19))).split('/').at(-2);
    if (name !== 'uuid') return undefined;
    const resource = /^\/api\/2\.0\/(\w+)\//.exec(path)?.[1];
    if (resource === 'libdrives') return this.#libraryDrive;
    if (resource === 'jobs') return this.#job();
    if (path.endsWith('/upload/')) return example === null ? this.#uploaded() : this.#chunked(19);
    if (example === 'upload_chunk') return this.#chunked(10_485_760);
    if (resource === 'drives') return this.#drive();
    if (resource === 'servers') return (await makeServer(this.boss, [at(await this.#drive())])).uuid;
    if (resource === 'tags') return (await makeTag(this.boss, { resources: [await this.#drive()] })).uuid;
    throw new Error(`nothing stands for ${name} of ${path}`);
  }

  async #inNativePath(method: string, path: string, name: string): Promise<string | undefined> {
    const root = NativeClient.by(this.#scene.root);
    if (name === 'token') {
      const { id } = await root.ask<{ id: string }>('POST /tokens', { name: 'a stand-in', scope: 'read' });
      return id;
    }
    if (name === 'group') return String(await this.#group());
    if (name === 'user') return String(await this.#user(0));
    if (name === 'job') return method === 'DELETE' ? this.#copy() : this.#job();
    if (name === 'upload') return this.#upload();
    if (name === 'link') return (await this.#link(this.#linked)).id;
    if (name !== 'media') return undefined;
    if (path.startsWith('/v1/library/')) return this.#libraryDrive;
    const media = await this.#media(await this.#group());
    this.#linked = media;
    if (path.startsWith('/v1/trash/')) await root.ask(`DELETE /media/${media}`);
    return media;
  }

  async #replaced(value: unknown, group: number): Promise<unknown> {
    if (Array.isArray(value)) return Promise.all(value.map(async (each) => this.#replaced(each, group)));
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value).map(async ([name, field]) => [name, await this.#field(name, field, group)]);
    return Object.fromEntries((await Promise.all(fields)) as [string, unknown][]);
  }

  async #field(name: string, value: unknown, group: number): Promise<unknown> {
    if (name === 'gid') return typeof value === 'string' ? String(group) : group;
    if (name === 'group' && typeof value === 'number') return group;
    // Names of media and groups are unique.
    if (name === 'name' && typeof value === 'string' && value !== 'ada') return freshName(value);
    // The home of root is always the root group.
    if (name === 'home_gid') return value === 0 ? 0 : group;
    if (name === 'uid' || name === 'user') return this.#user(group);
    if (name === 'mid') return this.#media(group);
    if (name === 'uuid') return this.#drive();
    if (name === 'authkey') return (await logIn(this.#scene.platter.url)).authkey;
    return this.#replaced(value, group);
  }

  async #group(): Promise<number> {
    const group = await makeGroup(this.#scene);
    await assign(this.#scene, group);
    return group;
  }

  async #user(group: number): Promise<number> {
    const { uid } = await makeUser(this.#scene);
    for (const permission of ['velocity.media.list', 'velocity.media.create'])
      await give(this.#scene, uid, group, permission);
    return uid;
  }

  async #media(group: number): Promise<string> {
    return midOf(await this.#scene.root.upload({ group, name: freshName('media') }, 'the bytes of media'));
  }

  /** An open upload of twenty bytes. */
  async #upload(): Promise<string> {
    const uploads = TusRequests.by(this.#scene.root);
    const location = await uploads.created(20, { filename: freshName('upload'), group: '0' });
    this.#uploads.push(location);
    return location.split('/').at(-1)!;
  }

  /** Ends the uploads that are still open. */
  async endUploads(): Promise<void> {
    for (const location of this.#uploads.splice(0)) await TusRequests.by(this.#scene.root).remove(location);
    const { objects } = await this.boss.ask<Listed>('GET /drives/?limit=0');
    for (const { uuid, status } of objects) if (status === 'uploading') await this.boss.call(`DELETE /drives/${uuid}/`);
  }

  /** An upload in chunks. */
  async #chunked(size: number): Promise<string> {
    const { objects } = await this.boss.ask<Listed>('POST /initupload/', { name: 'disk', media: 'disk', size });
    return objects[0]!.uuid;
  }

  /** An upload in chunks whose only chunk is there. */
  async #uploaded(): Promise<string> {
    const uuid = await this.#chunked(19);
    const [, , , ...link] = (await this.#chunkLink(uuid)).split('/');
    const { status } = await this.boss.send(`POST /${link.join('/')}`, 'the bytes of a disk');
    if (status !== 200) throw new Error(`a chunk was answered with ${status}`);
    return uuid;
  }

  async #chunkLink(uuid: string): Promise<string> {
    const path = `POST /drives/${uuid}/action/?do=upload_chunk`;
    return (await this.boss.ask<{ link: string }>(path, { chunk_number: 0, chunk_size: 10 })).link;
  }

  async #drive(): Promise<string> {
    return (await this.boss.make()).uuid;
  }

  async #secret(): Promise<string> {
    const { url } = await this.#link(await this.#media(await this.#group()));
    return url.split('/').at(-2)!;
  }

  async #link(media: string): Promise<{ readonly id: string; readonly url: string }> {
    return NativeClient.by(this.#scene.root).ask(`POST /media/${media}/links`, { expires_in: 3600 });
  }

  /** Resolves with a job that copies bytes for some seconds. */
  async #copy(): Promise<string> {
    const order = { group: await this.#group(), name: freshName('disk'), type: 'DISK', readonly: false };
    const media = midOf(await this.#scene.root.upload(order, randomBytes(4 * COPY_RATE)));
    const root = NativeClient.by(this.#scene.root);
    const { id } = await root.ask<{ id: string }>(`POST /media/${media}/clone`, {
      name: freshName('copy'),
      type: 'DISK',
    });
    return id;
  }

  /** Resolves with a job that has ended. */
  async #job(): Promise<string> {
    const { uuid } = await this.boss.make({ size: 1 });
    const { objects } = await this.boss.ask<Listed<Drive & { jobs: { uuid: string }[] }>>(
      `POST /drives/${uuid}/action/?do=clone`,
    );
    const clone = objects[0]!;
    await until('the clone is ready', async () => (await this.boss.get(clone.uuid)).status === 'unmounted');
    return clone.jobs[0]!.uuid;
  }

  /**
   * Returns the header that a call needs. The caller that changes its password is a user of the
   * examples.
   */
  authorization(path: string, ways: readonly string[]): string | undefined {
    if (ways.length === 0) return undefined;
    if (path === '/v1/users/me/password') return `Basic ${Buffer.from('ada:correct horse').toString('base64')}`;
    const client: Client = this.#scene.root;
    if (ways.includes('authkey')) return `Bearer ${client.authkey}`;
    if (ways.includes('password')) return this.boss.authorization;
    throw new Error(`nobody has ${ways.join(' or ')}`);
  }
}
