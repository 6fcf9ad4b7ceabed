import type { NativeUseCases } from '../../adapters/http/native/use-cases.ts';
import { CreateLink } from '../../application/links/create-link.ts';
import { ListLinks } from '../../application/links/list-links.ts';
import { OpenLink } from '../../application/links/open-link.ts';
import { RevokeLink } from '../../application/links/revoke-link.ts';
import type { Services } from './tokens.ts';

/** Creates the use cases of links. */
export function linkUseCases({
  config,
  work,
  random,
  linkUses,
}: Services): Pick<NativeUseCases, 'createLink' | 'listLinks' | 'revokeLink'> {
  return {
    createLink: new CreateLink(work, random, config.maxLinks),
    listLinks: new ListLinks(work),
    revokeLink: new RevokeLink(work, linkUses),
  };
}

/** Creates the use case that serves the bytes behind links. */
export function openLink({ work, random, download, linkUses }: Services): OpenLink {
  return new OpenLink({ work, random, download, linkUses });
}
