import type { MediaId, ServerId, TagId, UserUuid } from '../shared/ids.ts';

/** What a user wrote on a tag. */
export interface TagText {
  readonly name: string;
  /** Texts by name. */
  readonly meta: Readonly<Record<string, string>>;
}

/** A tag: a name that its owner put on media and servers. Nobody else sees it. */
export interface Tag extends TagText {
  readonly id: TagId;
  readonly owner: UserUuid;
}

/** What a tag is on, with who made it. */
export type TaggedResource =
  | { readonly kind: 'media'; readonly id: MediaId; readonly owner: UserUuid }
  | { readonly kind: 'server'; readonly id: ServerId; readonly owner: UserUuid };
