import { Alert, Button, Center, Loader, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore, type ReactElement, type ReactNode } from 'react';
import { Dialog } from '../shared/dialog.tsx';
import { errorText } from '../shared/error-text.ts';
import { TEXTS } from '../texts.ts';
import { sessionQuery } from './session.ts';
import { SignInForm } from './sign-in-form.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { isSignedOut, onSignedOutChange, signedIn } from './signed-out.ts';

/**
 * Shows the pages to a user who is signed in. When the session ends in the middle of work, it asks
 * again above the page, whose state stays.
 */
export function SessionGate({ children }: { readonly children: ReactNode }): ReactElement {
  const client = useQueryClient();
  const { data: session, isPending, isError, error, refetch } = useQuery(sessionQuery);
  const isExpired = useSyncExternalStore(onSignedOutChange, isSignedOut);
  const reload = (): void => void refetch();
  if (isPending) {
    return (
      <Center mih="100dvh">
        <Loader role="status" aria-label={TEXTS.loading} />
      </Center>
    );
  }
  if (isError) {
    return (
      <Center component="main" mih="100dvh" p="md">
        <Alert color="red" role="alert" title={TEXTS.serverAway}>
          <Stack align="flex-start">
            <Text>{errorText(error)}</Text>
            <Button variant="default" onClick={reload}>
              {TEXTS.tryAgain}
            </Button>
          </Stack>
        </Alert>
      </Center>
    );
  }
  if (session === null) return <SignInPage onSignedIn={reload} />;
  return (
    <>
      {children}
      <Dialog opened={isExpired} onClose={() => undefined} canClose={false} title={TEXTS.signIn.expired}>
        <SignInForm
          name={session.name}
          onSignedIn={() => {
            signedIn();
            void client.invalidateQueries();
          }}
        />
      </Dialog>
    </>
  );
}
