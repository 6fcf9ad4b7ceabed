import type { Bytes } from '../shared/bytes.ts';
import type { MediaId, ServerId, UserUuid } from '../shared/ids.ts';
import type { PageTerms } from '../shared/page.ts';

/** What a guest takes the controller for that media hang on. */
export type Device = 'ide' | 'virtio';

/** One piece of media in its place on a server. */
export interface Attachment {
  readonly media: MediaId;
  readonly device: Device;
  readonly controller: number;
  readonly unit: number;
  /** When it is tried at the start of a guest, lowest first; null for never. */
  readonly bootOrder: number | null;
}

/** What a user says of a server. It never runs here: it is what media are attached to. */
export interface ServerDefinition {
  readonly name: string;
  /** MHz. */
  readonly cpu: number;
  readonly memory: Bytes;
  /** For the screen of a guest. It is answered to its owner, so it is kept as it is. */
  readonly screenPassword: string;
  /** Texts by name. */
  readonly meta: Readonly<Record<string, string>>;
  /** Whatever else was said, as it is to be answered: nothing here has a use for it. */
  readonly otherFields: Readonly<Record<string, unknown>>;
}

/** A server. Only the user who made it sees it. */
export interface Server extends ServerDefinition {
  readonly id: ServerId;
  readonly owner: UserUuid;
  /** By device, controller and unit. */
  readonly attachments: readonly Attachment[];
}

/** Servers that somebody looks for. Every element of a list has to fit, with any of its values. */
export interface ServerSearch extends PageTerms {
  readonly ids: readonly (readonly string[])[];
  readonly names: readonly (readonly string[])[];
  readonly tags: readonly (readonly string[])[];
}

/** Whether a search looks for less than everything. */
export function isNarrowed({ ids, names, tags }: ServerSearch): boolean {
  return [ids, names, tags].some((lists) => lists.length > 0);
}
