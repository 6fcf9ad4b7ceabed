import { Button, Select, SimpleGrid, TextInput, Group } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useRef, useState, type ReactElement } from 'react';
import { PageFrame } from '../../shared/page-frame.tsx';
import { EmptyState, FailedState, LoadingState } from '../../shared/states.tsx';
import { TEXTS } from '../../texts.ts';
import { LIBRARY_TEXTS } from '../../texts/library-texts.ts';
import { CloneDriveDialog, type StartedClone } from './clone-drive-dialog.tsx';
import { DriveCard } from './drive-card.tsx';
import { libraryQuery, type LibraryDrive } from './library-query.ts';
import type { LibrarySearch } from './library-search.ts';

const route = getRouteApi('/library');
const SEARCH_DELAY_MS = 250;
const FILTERS = [
  { field: 'os', label: LIBRARY_TEXTS.os },
  { field: 'distribution', label: LIBRARY_TEXTS.distribution },
  { field: 'image_type', label: LIBRARY_TEXTS.imageType },
] as const;

/** The drives that the operator publishes, to be cloned. */
export function LibraryPage(): ReactElement {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changed: Partial<Record<keyof LibrarySearch, string | null>>): void => {
    const next = Object.entries({ ...search, ...changed }).filter(([, value]) => value !== null && value !== '');
    void navigate({ search: Object.fromEntries(next), replace: true });
  };
  return (
    <PageFrame title={LIBRARY_TEXTS.title} about={LIBRARY_TEXTS.about}>
      <Filters search={search} change={change} />
      <Drives search={search} />
    </PageFrame>
  );
}

interface FiltersProps {
  readonly search: LibrarySearch;
  readonly change: (changed: Partial<Record<keyof LibrarySearch, string | null>>) => void;
}

function Filters({ search, change }: FiltersProps): ReactElement {
  const { data } = useInfiniteQuery(libraryQuery({}));
  const drives = data?.pages.flatMap(({ items }) => items) ?? [];
  const [text, setText] = useState(search.q ?? '');
  const find = useDebouncedCallback((q: string) => {
    change({ q });
  }, SEARCH_DELAY_MS);
  const field = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => field.current?.focus()]]);
  return (
    <Group gap="sm">
      <TextInput
        ref={field}
        type="search"
        aria-label={LIBRARY_TEXTS.search}
        placeholder={LIBRARY_TEXTS.search}
        leftSection={<Search size={16} aria-hidden />}
        flex="1 1 220px"
        maw={420}
        value={text}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          find(value);
        }}
      />
      {FILTERS.map(({ field: name, label }) => (
        <Select
          key={name}
          aria-label={label}
          placeholder={`${label}: ${LIBRARY_TEXTS.all}`}
          clearable
          w={190}
          data={[...new Set(drives.flatMap((drive) => drive[name] ?? []))].sort()}
          value={search[name] ?? null}
          onChange={(value) => {
            change({ [name]: value });
          }}
        />
      ))}
    </Group>
  );
}

function Drives({ search }: { readonly search: LibrarySearch }): ReactElement {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    libraryQuery(search),
  );
  const [cloning, setCloning] = useState<LibraryDrive | null>(null);
  const [clones, setClones] = useState<ReadonlyMap<string, StartedClone>>(new Map());
  if (error) return <FailedState error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  const drives = data.pages.flatMap(({ items }) => items);
  if (drives.length === 0) {
    return Object.keys(search).length === 0 ? (
      <EmptyState title={LIBRARY_TEXTS.empty}>{LIBRARY_TEXTS.emptyAbout}</EmptyState>
    ) : (
      <EmptyState title={LIBRARY_TEXTS.nothingFound}>{LIBRARY_TEXTS.nothingFoundAbout}</EmptyState>
    );
  }
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }}>
        {drives.map((drive) => (
          <DriveCard
            key={drive.id}
            drive={drive}
            clone={clones.get(drive.id)}
            onClone={() => {
              setCloning(drive);
            }}
          />
        ))}
      </SimpleGrid>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {TEXTS.more}
        </Button>
      )}
      {cloning !== null && (
        <CloneDriveDialog
          drive={cloning}
          onStart={(clone) => {
            setClones((before) => new Map(before).set(cloning.id, clone));
            setCloning(null);
          }}
          onClose={() => {
            setCloning(null);
          }}
        />
      )}
    </>
  );
}
