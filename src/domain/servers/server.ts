import type { Bytes } from '../shared/bytes.ts';
import type { MediaId, ServerId, UserUuid } from '../shared/ids.ts';
import type { PageTerms } from '../shared/page.ts';

/** The controller that the guest sees. */
export type Device = 'ide' | 'virtio';

/** A media item in a slot of a server. */
export interface Attachment {
  readonly media: MediaId;
  readonly device: Device;
  readonly controller: number;
  readonly unit: number;
  /** The position in the boot order, lowest first; null if it is not booted from. */
  readonly bootOrder: number | null;
}

/** The definition of a server. It never runs here: items are attached to it. */
export interface ServerDefinition {
  readonly name: string;
  /** In MHz. */
  readonly cpu: number;
  readonly memory: Bytes;
  /** The password of the screen of the guest. Stored in clear, since its owner reads it back. */
  readonly screenPassword: string;
  /** Texts by name. */
  readonly meta: Readonly<Record<string, string>>;
  /** Fields that are stored and returned, without effect. */
  readonly otherFields: Readonly<Record<string, unknown>>;
}

/** A server. Only the user who created it sees it. */
export interface Server extends ServerDefinition {
  readonly id: ServerId;
  readonly owner: UserUuid;
  /** By device, controller and unit. */
  readonly attachments: readonly Attachment[];
}

/** A search for servers. Each list is a condition; any of its values may match. */
export interface ServerSearch extends PageTerms {
  readonly ids: readonly (readonly string[])[];
  readonly names: readonly (readonly string[])[];
  readonly tags: readonly (readonly string[])[];
}

/** Returns whether a search has any condition. */
export function isNarrowed({ ids, names, tags }: ServerSearch): boolean {
  return [ids, names, tags].some((lists) => lists.length > 0);
}
