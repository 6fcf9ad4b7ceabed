import { Alert, Anchor, Button, Stack, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { ProblemError } from '../../api/problem.ts';
import { useMay } from '../../session/groups.ts';
import { EmptyState, FailedState, LoadingState } from '../../shared/states.tsx';
import { ITEM_TEXTS } from '../../texts/item-texts.ts';
import { ItemFacts } from './item-facts.tsx';
import { ItemHeader } from './item-header.tsx';
import { ItemHistory } from './item-history.tsx';
import { ItemLinks } from './item-links.tsx';
import { itemQuery, type ItemDetails } from './item-query.ts';
import { JobProgress, RunningJob } from './job-progress.tsx';

const NOT_FOUND = 404;
const route = getRouteApi('/media/$media');

/** One item: facts, who uses it, history, and everything that can be done with it. */
export function ItemPage(): ReactElement {
  const { media } = route.useParams();
  const { data, error, refetch } = useQuery(itemQuery(media));
  return (
    <Stack gap="md" key={media}>
      <Anchor component={Link} to="/media" size="sm">
        {ITEM_TEXTS.back}
      </Anchor>
      {error instanceof ProblemError && error.problem.status === NOT_FOUND ? (
        <Missing />
      ) : error ? (
        <FailedState error={error} retry={() => void refetch()} />
      ) : data ? (
        <Item item={data} />
      ) : (
        <LoadingState />
      )}
    </Stack>
  );
}

function Item({ item }: { readonly item: ItemDetails }): ReactElement {
  const [job, setJob] = useState<string | null>(null);
  const mayLink = useMay()('velocity.media.create', item.group);
  return (
    <>
      <ItemHeader item={item} follow={setJob} />
      {item.damaged && (
        <Alert color="red" role="alert">
          {ITEM_TEXTS.damaged}
        </Alert>
      )}
      {job !== null && <JobProgress job={job} />}
      {item.state !== 'ready' && <RunningJob media={item.id} />}
      <Tabs defaultValue="facts" keepMounted={false}>
        <Tabs.List aria-label={ITEM_TEXTS.tabs} mb="md">
          <Tabs.Tab value="facts">{ITEM_TEXTS.facts}</Tabs.Tab>
          {item.state === 'ready' && mayLink && <Tabs.Tab value="links">{ITEM_TEXTS.links}</Tabs.Tab>}
          <Tabs.Tab value="history">{ITEM_TEXTS.history}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="facts">
          <ItemFacts item={item} />
        </Tabs.Panel>
        <Tabs.Panel value="links">
          <ItemLinks media={item.id} name={item.name} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <ItemHistory media={item.id} group={item.group} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Missing(): ReactElement {
  return (
    <EmptyState title={ITEM_TEXTS.missing}>
      {ITEM_TEXTS.missingAbout}{' '}
      <Button component={Link} to="/trash" variant="light" size="xs" mt="sm" display="block" mx="auto" w="fit-content">
        {ITEM_TEXTS.toTrash}
      </Button>
    </EmptyState>
  );
}
