import { Group, Stack, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState, type ReactElement } from 'react';
import { EmptyState, FailedState, LoadingState } from '../../shared/states.tsx';
import { TEXTS } from '../../texts.ts';
import { MediaFilters } from './media-filters.tsx';
import { mediaQuery } from './media-query.ts';
import type { MediaSearch } from './media-search.ts';
import { MediaTable } from './media-table.tsx';
import { SelectionBar } from './selection-bar.tsx';

const route = getRouteApi('/media');
const NOTHING: ReadonlySet<string> = new Set();

/** All items that the user may see: search, filters, order, and actions on the selected ones. */
export function MediaPage(): ReactElement {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [selected, setSelected] = useState(NOTHING);
  const change = (next: MediaSearch): void => {
    setSelected(NOTHING);
    void navigate({ search: next, replace: true });
  };
  return (
    <Stack gap="md" className="media-page">
      <Group justify="space-between">
        <Title order={1} size="h2">
          {TEXTS.media.title}
        </Title>
      </Group>
      <MediaFilters search={search} change={change} />
      <Results search={search} change={change} selected={selected} select={setSelected} />
    </Stack>
  );
}

interface ResultsProps {
  readonly search: MediaSearch;
  readonly change: (next: MediaSearch) => void;
  readonly selected: ReadonlySet<string>;
  readonly select: (ids: ReadonlySet<string>) => void;
}

function Results({ search, change, selected, select }: ResultsProps): ReactElement {
  const query = useInfiniteQuery(mediaQuery(search));
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const items = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  if (error) return <FailedState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  if (items.length === 0) {
    const { sort, ...filters } = search;
    return Object.keys(filters).length === 0 ? (
      <EmptyState title={TEXTS.media.empty}>{TEXTS.media.emptyAbout}</EmptyState>
    ) : (
      <EmptyState title={TEXTS.media.nothingFound}>{TEXTS.media.nothingFoundAbout}</EmptyState>
    );
  }
  const chosen = items.filter(({ id }) => selected.has(id));
  return (
    <>
      {chosen.length > 0 && (
        <SelectionBar
          items={chosen}
          clear={() => {
            select(NOTHING);
          }}
        />
      )}
      <MediaTable
        items={items}
        search={search}
        change={change}
        selected={selected}
        select={select}
        needMore={() => {
          if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
        }}
      />
    </>
  );
}
