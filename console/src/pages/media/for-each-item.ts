import { notifications } from '@mantine/notifications';
import { errorText } from '../../shared/error-text.ts';
import { TEXTS } from '../../texts.ts';

export interface NamedItem {
  readonly id: string;
  readonly name: string;
}

/**
 * Changes one item after the other; says of each that could not be changed why. Returns those that
 * were changed.
 */
export async function forEachItem<Item extends NamedItem>(
  items: readonly Item[],
  change: (item: Item) => Promise<unknown>,
): Promise<readonly Item[]> {
  const changed: Item[] = [];
  for (const item of items) {
    try {
      await change(item);
      changed.push(item);
    } catch (error) {
      notifications.show({ color: 'red', title: TEXTS.media.failed(item.name), message: errorText(error) });
    }
  }
  return changed;
}
