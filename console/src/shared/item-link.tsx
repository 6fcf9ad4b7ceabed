import type { ReactElement } from 'react';
import { PageLink } from './page-link.tsx';

interface Props {
  readonly media: string;
  readonly children: string;
  readonly className?: string;
}

/** A link to the page of an item. */
export function ItemLink({ media, children, className = 'plain-text' }: Props): ReactElement {
  return (
    <PageLink to="/media/$media" params={{ media }} size="sm" className={className}>
      {children}
    </PageLink>
  );
}
