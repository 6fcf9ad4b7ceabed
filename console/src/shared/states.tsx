import { Alert, Button, Center, Loader, Stack, Text, Title } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { TEXTS } from '../texts.ts';
import { errorText } from './error-text.ts';

/** Shown in the place of an empty list: says what would be here, and what to do. */
export function EmptyState({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <Center py={60} px="md">
      <Stack align="center" gap="xs" maw={460}>
        <Title order={2} size="h4" ta="center">
          {title}
        </Title>
        <Text c="dimmed" ta="center" component="div">
          {children}
        </Text>
      </Stack>
    </Center>
  );
}

/** Shown in the place of what could not be loaded. */
export function FailedState({ error, retry }: { readonly error: unknown; readonly retry: () => void }): ReactElement {
  return (
    <Alert color="red" role="alert" title={TEXTS.notLoaded}>
      <Stack align="flex-start" gap="sm">
        <Text size="sm">{errorText(error)}</Text>
        <Button size="xs" variant="default" onClick={retry}>
          {TEXTS.tryAgain}
        </Button>
      </Stack>
    </Alert>
  );
}

export function LoadingState(): ReactElement {
  return (
    <Center py={60}>
      <Loader role="status" aria-label={TEXTS.loading} />
    </Center>
  );
}
