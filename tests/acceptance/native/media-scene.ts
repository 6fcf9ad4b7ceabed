import { freshName, type Client } from '../../support/http/client.ts';
import { assign, makeGroup, makeUser, type Scene } from '../velocity/scene.ts';
import { NativeClient } from './native-client.ts';

/** A media item as `/v1` shows it. */
export interface Item {
  readonly id: string;
  readonly name: string;
  readonly group: number;
  readonly size: number;
  readonly [field: string]: unknown;
}

export interface ItemPage {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
  readonly total?: number;
}

/** A group with a pool, and users of it. */
export interface MediaScene {
  readonly group: number;
  /** Holds every permission about media in the group. */
  readonly owner: NativeClient;
  readonly ownerName: string;
  readonly velocity: Client;
  /** Holds a permission of the group that is none about media. */
  readonly member: NativeClient;
  /** Holds everything in another group. */
  readonly stranger: NativeClient;
}

const EVERYTHING = [
  'velocity.pool.list',
  'velocity.media.list',
  'velocity.media.create',
  'velocity.media.remove',
] as const;

export async function openMediaScene(scene: Scene, quota = 0): Promise<MediaScene> {
  const [group, elsewhere] = [await makeGroup(scene), await makeGroup(scene)];
  await assign(scene, group, { quota });
  await assign(scene, elsewhere);
  const owner = await makeUser(scene, group, ...EVERYTHING);
  const member = await makeUser(scene, group, 'velocity.user.view');
  const stranger = await makeUser(scene, elsewhere, ...EVERYTHING);
  return {
    group,
    owner: NativeClient.by(owner.client),
    ownerName: owner.name,
    velocity: owner.client,
    member: NativeClient.by(member.client),
    stranger: NativeClient.by(stranger.client),
  };
}

/** Creates an empty disk through the Velocity API and returns its id. */
export async function createDisk({ velocity, group }: MediaScene, size = 0, name = freshName('disk')): Promise<string> {
  const { mid } = await velocity.ask<{ mid: string }>('PUT /m/media/create', { gid: group, mpid: 1, name, size });
  return mid;
}
