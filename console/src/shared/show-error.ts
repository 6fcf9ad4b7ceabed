import { notifications } from '@mantine/notifications';
import { errorText } from './error-text.ts';

/** Says in a message what failed and what to do. */
export function showError(error: unknown): void {
  notifications.show({ color: 'red', message: errorText(error) });
}
