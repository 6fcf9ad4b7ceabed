import type { OutgoingHttpHeaders } from 'node:http';
import { PERMISSIONS } from '../../../src/domain/access/permission.ts';
import { Client, freshName, logIn, send, type Answer, type Body } from '../../support/http/client.ts';
import { Cloud, colleague, openCloud, somebody, EVERYTHING, type CloudScene } from '../cloudsigma/cloud.ts';
import { libraryFile, untilReady } from '../cloudsigma/library-files.ts';
import { assign, give, makeGroup, makeUser, midOf } from '../velocity/scene.ts';

/**
 * Who asks. What is asked for belongs to one tenant: `stranger` holds nothing anywhere, `neighbour`
 * everything in the group of another tenant, `member` one right there that has to do with nothing,
 * `holder` the right that the row names, or is the user whose own it is.
 */
export const ROLES = ['anonymous', 'stranger', 'neighbour', 'member', 'holder', 'root'] as const;
export type Role = (typeof ROLES)[number];

/** Whoever asks, in both dialects. */
export interface Asker {
  readonly client: Client;
  readonly cloud: Cloud;
}

/** Two tenants, and those who ask. */
export class MatrixStage {
  readonly scene: CloudScene;
  /** The group of the tenant whose things are asked for, and its user, who makes them. */
  readonly gid: number;
  readonly owner: Asker;
  readonly #askers: Readonly<Record<Exclude<Role, 'holder'>, Asker>>;

  private constructor(
    scene: CloudScene,
    gid: number,
    owner: Asker,
    askers: Readonly<Record<Exclude<Role, 'holder'>, Asker>>,
  ) {
    this.scene = scene;
    this.gid = gid;
    this.owner = owner;
    this.#askers = askers;
  }

  static async open(): Promise<MatrixStage> {
    const library = await libraryFile([{ name: 'Harbour', uuid: LIBRARY_DRIVE, os: 'linux', arch: 64 }]);
    const scene = await openCloud({ env: { PLATTER_LIBRARY_FILE: library } });
    await untilReady(scene.platter);
    const { gid, cloud } = await somebody(scene);
    const { gid: other } = await somebody(scene);
    const everything = PERMISSIONS.map(({ name }) => name);
    const { url } = scene.platter;
    return new MatrixStage(scene, gid, await asker(cloud), {
      anonymous: { client: new Client(url, ''), cloud: new Anonymous(url, '', '') },
      stranger: await asker((await colleague(scene, gid, [])).cloud),
      neighbour: await asker((await colleague(scene, other, everything)).cloud),
      member: await asker((await colleague(scene, gid, ['velocity.nic.list'])).cloud),
      root: { client: scene.root, cloud: scene.boss },
    });
  }

  /** `rights` are those of the holder; null where what is asked for is the owner's own. */
  async asker(role: Role, rights: readonly string[] | null): Promise<Asker> {
    if (role !== 'holder') return this.#askers[role];
    return rights === null ? this.owner : asker((await colleague(this.scene, this.gid, rights)).cloud);
  }

  /** A fresh user of the tenant, with a right there. */
  async user(): Promise<number> {
    return (await makeUser(this.scene, this.gid, EVERYTHING[1])).uid;
  }

  /** A fresh user of the tenant who holds a right that can be taken. */
  async userWith(permission: string): Promise<number> {
    const { uid } = await makeUser(this.scene, this.gid);
    await give(this.scene, uid, this.gid, permission);
    return uid;
  }

  /** A fresh group of the tenant, with the pool. */
  async subgroup(): Promise<number> {
    const gid = await makeGroup(this.scene, this.gid);
    await assign(this.scene, gid);
    return gid;
  }

  /** A fresh item of the tenant. */
  async item(): Promise<string> {
    return midOf(await this.scene.root.upload({ group: this.gid, name: freshName('item') }, 'bytes'));
  }

  /** A fresh drive of the tenant. */
  async drive(): Promise<string> {
    return (await this.owner.cloud.make()).uuid;
  }
}

export const LIBRARY_DRIVE = '9a1f0e44-0000-4000-8000-000000000077';

/** Shows no credentials at all: wrong ones would be counted. */
class Anonymous extends Cloud {
  override async send(operation: string, body: Body = '', headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    const [method = '', path = ''] = operation.split(' ');
    return send(this.url, { method, path: `/api/2.0${path}`, headers, body });
  }
}

async function asker(cloud: Cloud): Promise<Asker> {
  return { cloud, client: await logIn(cloud.url, cloud.name, cloud.password) };
}
