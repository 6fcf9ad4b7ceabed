import { ActionIcon, Badge, Checkbox, Group, UnstyledButton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, Link as LinkIcon, Lock, ShieldCheck } from 'lucide-react';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { LinkDialog } from '../../links/link-dialog.tsx';
import { useGroupNames, useMay } from '../../session/groups.ts';
import { bytesText } from '../../shared/bytes.ts';
import { ItemLink } from '../../shared/item-link.tsx';
import { RelativeTime } from '../../shared/relative-time.tsx';
import { TEXTS } from '../../texts.ts';
import { LINK_TEXTS } from '../../texts/link-texts.ts';
import type { MediaItem } from './media-query.ts';
import { DEFAULT_SORT, type MediaSearch, type MediaSort } from './media-search.ts';

const ROW_HEIGHT = 44;
const OVERSCAN = 12;
/** The next page is asked for when so many rows are left below. */
const ROWS_LEFT = 30;

interface Props {
  readonly items: readonly MediaItem[];
  readonly search: MediaSearch;
  readonly change: (next: MediaSearch) => void;
  readonly selected: ReadonlySet<string>;
  readonly select: (ids: ReadonlySet<string>) => void;
  readonly needMore: () => void;
}

/** The items as a table of which only the visible rows exist in the document. */
export function MediaTable({ items, search, change, selected, select, needMore }: Props): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    getItemKey: (index) => items[index]?.id ?? index,
  });
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= items.length - ROWS_LEFT) needMore();
  }, [last, items.length, needMore]);
  const groupName = useGroupNames();
  const may = useMay();
  const [linked, setLinked] = useState<MediaItem | null>(null);
  const allSelected = items.every(({ id }) => selected.has(id));
  const toggle = (id: string): void => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    select(next);
  };
  return (
    <div ref={scroller} className="media-scroller" tabIndex={0} role="region" aria-label={TEXTS.media.rows}>
      <div role="table" className="media-grid" aria-label={TEXTS.media.title} aria-rowcount={items.length + 1}>
        <div role="rowgroup" className="media-head">
          <div role="row" className="media-row" aria-rowindex={1}>
            <span role="columnheader">
              <Checkbox
                aria-label={TEXTS.media.selectAll}
                checked={allSelected}
                indeterminate={!allSelected && selected.size > 0}
                onChange={() => {
                  select(new Set(allSelected ? [] : items.map(({ id }) => id)));
                }}
              />
            </span>
            <SortHeader field="name" label={TEXTS.media.name} search={search} change={change} />
            <span role="columnheader">{TEXTS.media.group}</span>
            <span role="columnheader">{TEXTS.media.state}</span>
            <span role="columnheader">{TEXTS.media.type}</span>
            <span role="columnheader">{TEXTS.media.format}</span>
            <SortHeader field="size" label={TEXTS.media.size} search={search} change={change} />
            <SortHeader field="created" label={TEXTS.media.created} search={search} change={change} />
            <span role="columnheader">{LINK_TEXTS.link}</span>
          </div>
        </div>
        <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {visible.map(({ index, key, start }) => {
            const item = items[index];
            if (item === undefined) return null;
            return (
              <div
                key={key}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={selected.has(item.id)}
                className="media-row"
                style={{ position: 'absolute', insetInline: 0, transform: `translateY(${String(start)}px)` }}
              >
                <span role="cell">
                  <Checkbox
                    aria-label={TEXTS.media.select(item.name)}
                    checked={selected.has(item.id)}
                    onChange={() => {
                      toggle(item.id);
                    }}
                  />
                </span>
                <Cells item={item} group={groupName(item.group)} />
                <span role="cell">
                  {item.state === 'ready' && may('velocity.media.create', item.group) && (
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={LINK_TEXTS.createFor(item.name)}
                      onClick={() => {
                        setLinked(item);
                      }}
                    >
                      <LinkIcon size={16} aria-hidden />
                    </ActionIcon>
                  )}
                </span>
              </div>
            );
          })}
        </div>
      </div>
      {linked !== null && (
        <LinkDialog
          media={linked.id}
          name={linked.name}
          onClose={() => {
            setLinked(null);
          }}
        />
      )}
    </div>
  );
}

function Cells({ item, group }: { readonly item: MediaItem; readonly group: string }): ReactElement {
  return (
    <>
      <span role="cell" title={item.name}>
        <Group gap={6} wrap="nowrap" component="span">
          <ItemLink media={item.id} className="cell-text">
            {item.name}
          </ItemLink>
          {item.protected && <ShieldCheck size={14} role="img" aria-label={TEXTS.media.protected} />}
          {item.read_only && <Lock size={14} role="img" aria-label={TEXTS.media.readOnly} />}
        </Group>
      </span>
      <span role="cell" title={group}>
        {group}
      </span>
      <span role="cell">
        <Badge tt="none" variant="light" color={item.state === 'ready' ? (item.in_use ? 'blue' : 'gray') : 'orange'}>
          {item.state === 'ready' && item.in_use ? TEXTS.media.inUse : item.state}
        </Badge>
      </span>
      <span role="cell">{item.type}</span>
      <span role="cell">{item.format}</span>
      <span role="cell" className="number">
        {bytesText(item.size)}
      </span>
      <span role="cell">
        <RelativeTime at={item.created_at} />
      </span>
    </>
  );
}

interface SortProps {
  readonly field: 'name' | 'size' | 'created';
  readonly label: string;
  readonly search: MediaSearch;
  readonly change: (next: MediaSearch) => void;
}

function SortHeader({ field, label, search, change }: SortProps): ReactElement {
  const sort = search.sort ?? DEFAULT_SORT;
  const isAscending = sort === field;
  const isDescending = sort === `-${field}`;
  const next: MediaSort = isAscending ? `-${field}` : field;
  const order = isAscending ? 'ascending' : isDescending ? 'descending' : 'none';
  return (
    <span role="columnheader" aria-sort={order} className={field === 'size' ? 'number' : undefined}>
      <UnstyledButton
        className="sort-button"
        onClick={() => {
          change({ ...search, sort: next });
        }}
      >
        {label}
        {isAscending && <ArrowUp size={14} aria-hidden />}
        {isDescending && <ArrowDown size={14} aria-hidden />}
      </UnstyledButton>
    </span>
  );
}
