import { Grid, Stack, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import { useSession } from '../../session/session.ts';
import { EmptyState } from '../../shared/states.tsx';
import { TEXTS } from '../../texts.ts';
import { ActivityCard } from './activity-card.tsx';
import { SpaceCard } from './space-card.tsx';

/** What the groups use, and what is going on. */
export function OverviewPage(): ReactElement {
  const session = useSession();
  if (session.groups.length === 0) {
    return <EmptyState title={TEXTS.overview.noGroups}>{TEXTS.overview.noGroupsAbout}</EmptyState>;
  }
  return (
    <Stack gap="lg">
      <Title order={1} size="h2">
        {TEXTS.overview.title}
      </Title>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <SpaceCard />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <ActivityCard />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
