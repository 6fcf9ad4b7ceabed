import { Alert, Button, PasswordInput, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api } from '../../api/api.ts';
import { errorText } from '../../shared/error-text.ts';
import { ACCOUNT_TEXTS } from '../../texts/account-texts.ts';

const NOTHING = { current: '', next: '', repeat: '' };

/** Changes the password of the user, who enters the current one too. */
export function PasswordForm(): ReactElement {
  const [entered, setEntered] = useState(NOTHING);
  const { current, next, repeat } = entered;
  const differs = repeat !== '' && repeat !== next;
  const change = useMutation({
    mutationFn: async () => api.PUT('/v1/users/me/password', { body: { current, password: next } }),
    onSuccess: () => {
      setEntered(NOTHING);
      notifications.show({ message: ACCOUNT_TEXTS.changed });
    },
  });
  const fields = [
    { field: 'current', label: ACCOUNT_TEXTS.current, autoComplete: 'current-password' },
    { field: 'next', label: ACCOUNT_TEXTS.next, autoComplete: 'new-password' },
    { field: 'repeat', label: ACCOUNT_TEXTS.repeat, autoComplete: 'new-password' },
  ] as const;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <Stack maw={380} align="stretch">
        {fields.map(({ field, label, autoComplete }) => (
          <PasswordInput
            key={field}
            label={label}
            autoComplete={autoComplete}
            value={entered[field]}
            error={field === 'repeat' && differs && ACCOUNT_TEXTS.different}
            onChange={({ currentTarget: { value } }) => {
              setEntered((before) => ({ ...before, [field]: value }));
            }}
          />
        ))}
        {change.error !== null && (
          <Alert color="red" role="alert">
            {errorText(change.error)}
          </Alert>
        )}
        <Button type="submit" disabled={current === '' || next === '' || next !== repeat} loading={change.isPending}>
          {ACCOUNT_TEXTS.change}
        </Button>
      </Stack>
    </form>
  );
}
