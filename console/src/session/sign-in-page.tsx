import { Center, Group, Image, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import icon from '../icon.svg';
import { TEXTS } from '../texts.ts';
import { SignInForm } from './sign-in-form.tsx';

const CARD_WIDTH = 380;

export function SignInPage({ onSignedIn }: { readonly onSignedIn: () => void }): ReactElement {
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper withBorder shadow="sm" radius="md" p="xl" w="100%" maw={CARD_WIDTH}>
        <Stack>
          <Group gap="sm">
            <Image src={icon} alt="" w={32} h={32} />
            <Title order={1} size="h2">
              {TEXTS.product}
            </Title>
          </Group>
          <Text c="dimmed" size="sm">
            {TEXTS.signIn.about}
          </Text>
          <SignInForm onSignedIn={onSignedIn} />
        </Stack>
      </Paper>
    </Center>
  );
}
