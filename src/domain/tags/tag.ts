import type { MediaId, ServerId, TagId, UserUuid } from '../shared/ids.ts';

/** The name and texts of a tag. */
export interface TagText {
  readonly name: string;
  /** Texts by name. */
  readonly meta: Readonly<Record<string, string>>;
}

/** A name that its owner puts on items and servers. Only the owner sees it. */
export interface Tag extends TagText {
  readonly id: TagId;
  readonly owner: UserUuid;
}

/** A resource of a tag, with the user who created the resource. */
export type TaggedResource =
  | { readonly kind: 'media'; readonly id: MediaId; readonly owner: UserUuid }
  | { readonly kind: 'server'; readonly id: ServerId; readonly owner: UserUuid };
