import { describeDamage } from '../../domain/media/damage.ts';
import type { BlobId, GroupId, PoolId } from '../../domain/shared/ids.ts';
import type { BlobFault } from '../integrity/blob-faults.ts';
import type { MarkerState } from '../ports/blob-store.ts';
import type { UsageDrift } from '../ports/examination-repository.ts';

/** A difference between the database and the pools. */
export type Finding =
  | (BlobFault & { readonly pool: PoolId; readonly location: number; readonly blob: BlobId })
  | {
      readonly kind: 'marker';
      readonly pool: PoolId;
      readonly location: number;
      readonly marker: Exclude<MarkerState, 'own'>;
    }
  | ({ readonly kind: 'usage' } & UsageDrift);

const MARKERS = {
  missing: 'has no marker: mount what belongs there, or correct its location in the configuration',
  foreign: 'has the marker of another installation or pool: correct its location in the configuration',
  unreadable: 'has a marker that cannot be read: restore it from a backup',
} as const satisfies Record<Exclude<MarkerState, 'own'>, string>;

/** Describes a finding in one sentence, for the operator. */
export function sentenceOf(finding: Finding): string {
  return `${nameOf(finding)}: ${aboutPool(finding)}`;
}

/** Few pools ever have a second location. */
function nameOf(finding: Finding): string {
  const location = finding.kind === 'usage' ? 0 : finding.location;
  return location === 0 ? `pool ${finding.pool}` : `pool ${finding.pool}, location ${location}`;
}

function aboutPool(finding: Finding): string {
  switch (finding.kind) {
    case 'marker':
      return `its location ${MARKERS[finding.marker]}`;
    case 'usage':
      return `${ownerOf(finding.group)} is charged for ${differenceOf(finding)}`;
    case 'bytes-missing':
      return `the ${finding.expected} bytes of media ${finding.media} (blob ${finding.blob}) are not there`;
    case 'bytes-too-few':
      return `media ${finding.media} (blob ${finding.blob}) has ${finding.found} bytes and should have ${finding.expected}`;
    case 'bytes-too-many':
      return `media ${finding.media} (blob ${finding.blob}) has ${finding.found} bytes and should have no more than ${finding.expected}`;
    case 'bytes-damaged':
      return `media ${finding.media} (blob ${finding.blob}) is marked: a scrub found that its bytes ${describeDamage(finding.damage)}`;
    case 'bytes-unowned':
      return `the ${finding.found} bytes of blob ${finding.blob} belong to no media item`;
    case 'half-written':
      return `blob ${finding.blob}, which ${finding.owned ? 'is finished' : 'belongs to no media item'}, has ${finding.attempts} unfinished write${finding.attempts === 1 ? '' : 's'}`;
  }
}

function differenceOf({ used, counted, usedItems, countedItems }: UsageDrift): string {
  const ofBytes = used === counted ? [] : [`${used} bytes, and has ${counted}`];
  const ofItems = usedItems === countedItems ? [] : [`${usedItems} items, and has ${countedItems}`];
  return [...ofBytes, ...ofItems].join('; for ');
}

function ownerOf(group: GroupId | null): string {
  return group === null ? 'the pool' : `group ${group}`;
}

/** Describes the harmless remedy; null if a person has to decide. */
export function remedyOf(finding: Finding): string | null {
  switch (finding.kind) {
    case 'bytes-unowned':
      return `remove blob ${finding.blob} from ${nameOf(finding)}`;
    case 'half-written':
      return `remove the unfinished writes of blob ${finding.blob} from ${nameOf(finding)}`;
    case 'usage':
      return `recount the usage of ${ownerOf(finding.group)} in pool ${finding.pool}`;
    default:
      return null;
  }
}
