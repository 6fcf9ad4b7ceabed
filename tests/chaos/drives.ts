import { Cloud, type Drive, type Listed } from '../acceptance/cloudsigma/cloud.ts';
import { freshName, type Answer } from '../support/http/client.ts';
import { HOMES, NO_MEDIA, type DriveMove } from './moves.ts';
import type { Replicas } from './replicas.ts';
import type { Stage } from './stage.ts';

const COMMON_ERRORS = ['velocity.media.list', 'velocity.media.remove'];

/**
 * Somebody who sees and removes everything, and creates something in a few groups, through the
 * CloudSigma dialect.
 */
export interface Landlords {
  /** The same one, on each replica. */
  readonly clouds: readonly Cloud[];
  /** Lets them create something in the groups of this play. */
  readonly settle: (stage: Stage) => Promise<void>;
  /** The group that media are in; null where they are gone. The dialect knows no groups. */
  readonly groupOf: (mid: string) => Promise<number | null>;
}

export async function hireLandlords({ roots, records }: Replicas): Promise<Landlords> {
  const [root] = roots;
  const name = freshName('cloner');
  const { uid } = await root.ask<{ uid: number }>('PUT /u/user', { name, password: name });
  const give = async (gid: number, permission: string): Promise<unknown> =>
    root.ask('PUT /u/user/permission', { uid, gid, permission });
  for (const permission of COMMON_ERRORS) await give(0, permission);
  return {
    clouds: roots.map(({ url }) => new Cloud(url, name, name)),
    settle: async (stage) => {
      for (const location of HOMES) await give(stage.gid(location), 'velocity.media.create');
    },
    groupOf: async (mid) => {
      const [row] = await records.rows(`select group_id from media where id = '${mid}'`);
      return row === undefined || row.group_id === null ? null : Number(row.group_id);
    },
  };
}

export async function performOnDrives(move: DriveMove, cloners: Landlords, stage: Stage): Promise<Answer> {
  const cloud = cloners.clouds[move.replica]!;
  switch (move.kind) {
    case 'clone':
      return clone(move, cloud, cloners, stage);
    case 'resize':
      return resize(move, cloud, stage);
    case 'delete':
      return remove(move, cloud, stage);
  }
}

async function clone(
  { which, optical, growth }: Extract<DriveMove, { kind: 'clone' }>,
  cloud: Cloud,
  { groupOf }: Landlords,
  stage: Stage,
): Promise<Answer> {
  const [source, size] = sized(stage, which, growth);
  const answer = await cloud.call(`POST /drives/${source}/action/?do=clone`, {
    ...(optical === undefined ? {} : { media: optical ? 'cdrom' : 'disk' }),
    ...(growth === undefined ? {} : { size }),
  });
  if (answer.status === 202) {
    const made = driveIn(answer);
    const gid = await groupOf(made.uuid);
    // Gone already, with its group: nobody was told of it, so that nobody will miss it.
    if (gid !== null) stage.mediaMade(made.uuid, gid, stage.promised(source)!.content, made.size);
  }
  return answer;
}

async function resize(
  { which, growth }: Extract<DriveMove, { kind: 'resize' }>,
  cloud: Cloud,
  stage: Stage,
): Promise<Answer> {
  const [mid, size] = sized(stage, which, growth);
  const answer = await cloud.call(`POST /drives/${mid}/action/?do=resize`, { size });
  if (answer.status === 202) stage.mediaResized(mid, size);
  return answer;
}

async function remove({ which }: Extract<DriveMove, { kind: 'delete' }>, cloud: Cloud, stage: Stage): Promise<Answer> {
  const mids = [...new Set(which.map((one) => stage.mid(one) ?? NO_MEDIA))];
  const [only] = mids;
  const answer =
    mids.length === 1
      ? await cloud.call(`DELETE /drives/${only!}/`)
      : await cloud.call('DELETE /drives/', { objects: mids.map((uuid) => ({ uuid })) });
  if (answer.status === 204) mids.forEach((mid) => stage.mediaRemoved(mid));
  return answer;
}

/** One of the media, and a size that lies this far from the one that was last promised of it. */
function sized(stage: Stage, which: number, growth = 0): readonly [mid: string, size: number] {
  const mid = stage.mid(which) ?? NO_MEDIA;
  return [mid, Math.max(0, (stage.promised(mid)?.sizes.at(-1) ?? 0) + growth)];
}

function driveIn(answer: Answer): Drive {
  return (answer.body as Listed).objects[0]!;
}
