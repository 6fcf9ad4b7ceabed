import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement, type SyntheticEvent } from 'react';
import { api, bodyOf } from '../api/api.ts';
import { errorText } from '../shared/error-text.ts';
import { TEXTS } from '../texts.ts';
import { markSession } from './session.ts';

interface Props {
  /** The name is fixed when the same user has to sign in again. */
  readonly name?: string;
  readonly onSignedIn: () => void;
}

/** Name and password. Says plainly why a login failed. */
export function SignInForm({ name: fixedName, onSignedIn }: Props): ReactElement {
  const [name, setName] = useState(fixedName ?? '');
  const [password, setPassword] = useState('');
  const logIn = useMutation({
    mutationFn: async () => bodyOf(api.POST('/v1/session', { body: { name, password } })),
    onSuccess: () => {
      markSession(true);
      onSignedIn();
    },
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    logIn.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {logIn.isError && (
          <Alert color="red" role="alert" title={TEXTS.signIn.failed}>
            {errorText(logIn.error)}
          </Alert>
        )}
        <TextInput
          label={TEXTS.signIn.name}
          autoComplete="username"
          required
          readOnly={fixedName !== undefined}
          data-autofocus={fixedName === undefined}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <PasswordInput
          label={TEXTS.signIn.password}
          autoComplete="current-password"
          required
          data-autofocus={fixedName !== undefined}
          value={password}
          onChange={(event) => {
            setPassword(event.currentTarget.value);
          }}
        />
        <Button type="submit" loading={logIn.isPending}>
          {TEXTS.signIn.submit}
        </Button>
      </Stack>
    </form>
  );
}
