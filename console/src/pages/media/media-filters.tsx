import { Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useRef, useState, type ReactElement } from 'react';
import { useGroups } from '../../session/groups.ts';
import { TEXTS } from '../../texts.ts';
import { MIN_SEARCH_CHARACTERS, type MediaSearch } from './media-search.ts';

const TYPES = ['ISO', 'DISK', 'IPSW'];
const STATES = ['ready', 'uploading', 'cloning', 'creating', 'resizing'] as const;
const SEARCH_DELAY_MS = 250;

interface Props {
  readonly search: MediaSearch;
  readonly change: (next: MediaSearch) => void;
}

/** The search field, which `/` focuses, and the filters. */
export function MediaFilters({ search, change }: Props): ReactElement {
  const groups = useGroups();
  const set = (changed: Partial<Record<keyof MediaSearch, unknown>>): void => {
    const next = Object.entries({ ...search, ...changed }).filter(([, value]) => value !== null && value !== '');
    change(Object.fromEntries(next));
  };
  return (
    <Group gap="sm" align="flex-end">
      <SearchField
        initial={search.q ?? ''}
        onSearch={(q) => {
          set({ q });
        }}
      />
      <Select
        aria-label={TEXTS.media.group}
        placeholder={TEXTS.media.allGroups}
        clearable
        searchable
        w={190}
        data={groups.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={search.group === undefined ? null : String(search.group)}
        onChange={(group) => {
          set({ group: group === null ? null : Number(group) });
        }}
      />
      <Select
        aria-label={TEXTS.media.type}
        placeholder={TEXTS.media.allTypes}
        clearable
        w={130}
        data={TYPES}
        value={search.type ?? null}
        onChange={(type) => {
          set({ type });
        }}
      />
      <Select
        aria-label={TEXTS.media.state}
        placeholder={TEXTS.media.allStates}
        clearable
        w={140}
        data={STATES}
        value={search.state ?? null}
        onChange={(state) => {
          set({ state });
        }}
      />
    </Group>
  );
}

interface SearchProps {
  readonly initial: string;
  readonly onSearch: (text: string) => void;
}

function SearchField({ initial, onSearch }: SearchProps): ReactElement {
  const [text, setText] = useState(initial);
  const field = useRef<HTMLInputElement>(null);
  const search = useDebouncedCallback(onSearch, SEARCH_DELAY_MS);
  useHotkeys([['/', () => field.current?.focus()]]);
  const isShort = text.length > 0 && text.length < MIN_SEARCH_CHARACTERS;
  return (
    <TextInput
      ref={field}
      aria-label={TEXTS.media.search}
      placeholder={TEXTS.media.search}
      description={isShort ? TEXTS.media.searchHint : undefined}
      leftSection={<Search size={16} aria-hidden />}
      type="search"
      flex="1 1 220px"
      maw={420}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        if (value.length === 0 || value.length >= MIN_SEARCH_CHARACTERS) search(value);
      }}
    />
  );
}
