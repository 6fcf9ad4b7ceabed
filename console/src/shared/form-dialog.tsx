import { Alert, Button, Group, Stack } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { TEXTS } from '../texts.ts';
import { Dialog } from './dialog.tsx';
import { errorText } from './error-text.ts';

interface Props {
  readonly title: string;
  readonly submit: string;
  /** Whether the submit button destroys something. */
  readonly isDangerous?: boolean;
  readonly canSubmit?: boolean;
  readonly action: {
    readonly isPending: boolean;
    readonly error: unknown;
  };
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog with fields, an action, and the reason if the action was refused. */
export function FormDialog({
  title,
  submit,
  isDangerous = false,
  canSubmit = true,
  action,
  onSubmit,
  onClose,
  children,
}: Props): ReactElement {
  return (
    <Dialog opened onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (canSubmit) onSubmit();
        }}
      >
        <Stack>
          {children}
          {action.error !== null && (
            <Alert color="red" role="alert">
              {errorText(action.error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} {...(isDangerous && { 'data-autofocus': true })}>
              {TEXTS.cancel}
            </Button>
            <Button
              type="submit"
              disabled={!canSubmit}
              loading={action.isPending}
              {...(isDangerous && { color: 'red' })}
            >
              {submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
