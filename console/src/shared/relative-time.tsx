import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import { relativeText } from './durations.ts';

/** A moment relative to now, with the exact one as tooltip. */
export function RelativeTime({ at }: { readonly at: string }): ReactElement {
  const moment = new Date(at);
  const exact = moment.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long' });
  return (
    <Tooltip label={exact} events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={at}>{relativeText(moment, new Date())}</time>
    </Tooltip>
  );
}
