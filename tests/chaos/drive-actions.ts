import { Cloud, type Drive, type Listed } from '../acceptance/cloudsigma/cloud.ts';
import { freshName, type Answer } from '../support/http/client.ts';
import { CLONE_GROUPS, UNKNOWN_MEDIA, type DriveAction } from './scenarios.ts';
import type { Replicas } from './replicas.ts';
import type { ExpectedState } from './expected-state.ts';

const ROOT_PERMISSIONS = ['velocity.media.list', 'velocity.media.remove'];

/**
 * The CloudSigma clients of one user, who lists and deletes everything and creates items in
 * `CLONE_GROUPS`.
 */
export interface DriveClients {
  /** One client per replica. */
  readonly clouds: readonly Cloud[];
  /** Grants the user `velocity.media.create` on the clone groups of this scenario. */
  readonly grantCreate: (expected: ExpectedState) => Promise<void>;
  /**
   * Returns the group of an item, which the dialect does not show, or null once the item is
   * deleted.
   */
  readonly groupOf: (mid: string) => Promise<number | null>;
}

export async function createDriveClients({ roots, records }: Replicas): Promise<DriveClients> {
  const [root] = roots;
  const name = freshName('cloner');
  const { uid } = await root.ask<{ uid: number }>('PUT /u/user', { name, password: name });
  const give = async (gid: number, permission: string): Promise<unknown> =>
    root.ask('PUT /u/user/permission', { uid, gid, permission });
  for (const permission of ROOT_PERMISSIONS) await give(0, permission);
  return {
    clouds: roots.map(({ url }) => new Cloud(url, name, name)),
    grantCreate: async (expected) => {
      for (const index of CLONE_GROUPS) await give(expected.gid(index), 'velocity.media.create');
    },
    groupOf: async (mid) => {
      const [row] = await records.rows(`select group_id from media where id = '${mid}'`);
      return row === undefined || row.group_id === null ? null : Number(row.group_id);
    },
  };
}

export async function performOnDrive(
  action: DriveAction,
  driveClients: DriveClients,
  expected: ExpectedState,
): Promise<Answer> {
  const cloud = driveClients.clouds[action.replica]!;
  switch (action.kind) {
    case 'clone':
      return clone(action, cloud, driveClients, expected);
    case 'resize':
      return resize(action, cloud, expected);
    case 'delete':
      return remove(action, cloud, expected);
  }
}

async function clone(
  { which, optical, growth }: Extract<DriveAction, { kind: 'clone' }>,
  cloud: Cloud,
  { groupOf }: DriveClients,
  expected: ExpectedState,
): Promise<Answer> {
  const [source, size] = sized(expected, which, growth);
  const answer = await cloud.call(`POST /drives/${source}/action/?do=clone`, {
    ...(optical === undefined ? {} : { media: optical ? 'cdrom' : 'disk' }),
    ...(growth === undefined ? {} : { size }),
  });
  if (answer.status === 202) {
    const drive = driveIn(answer);
    const gid = await groupOf(drive.uuid);
    // Null: deleted with its group already, so that nothing is expected of it.
    if (gid !== null) expected.mediaCreated(drive.uuid, gid, expected.promised(source)!.content, drive.size);
  }
  return answer;
}

async function resize(
  { which, growth }: Extract<DriveAction, { kind: 'resize' }>,
  cloud: Cloud,
  expected: ExpectedState,
): Promise<Answer> {
  const [mid, size] = sized(expected, which, growth);
  const answer = await cloud.call(`POST /drives/${mid}/action/?do=resize`, { size });
  if (answer.status === 202) expected.mediaResized(mid, size);
  return answer;
}

async function remove(
  { which }: Extract<DriveAction, { kind: 'delete' }>,
  cloud: Cloud,
  expected: ExpectedState,
): Promise<Answer> {
  const mids = [...new Set(which.map((one) => expected.mid(one) ?? UNKNOWN_MEDIA))];
  const [only] = mids;
  const answer =
    mids.length === 1
      ? await cloud.call(`DELETE /drives/${only!}/`)
      : await cloud.call('DELETE /drives/', { objects: mids.map((uuid) => ({ uuid })) });
  if (answer.status === 204) mids.forEach((mid) => expected.mediaRemoved(mid));
  return answer;
}

/**
 * Returns one of the created items, and a size that differs by `growth` from its last expected one.
 */
function sized(expected: ExpectedState, which: number, growth = 0): readonly [mid: string, size: number] {
  const mid = expected.mid(which) ?? UNKNOWN_MEDIA;
  return [mid, Math.max(0, (expected.promised(mid)?.sizes.at(-1) ?? 0) + growth)];
}

function driveIn(answer: Answer): Drive {
  return (answer.body as Listed).objects[0]!;
}
