import { ActionIcon, Badge, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { useAssignedPools } from '../../session/assignments.ts';
import { useGroupNames } from '../../session/groups.ts';
import { bytesText } from '../../shared/bytes.ts';
import { CopyText } from '../../shared/copy-text.tsx';
import { ItemLink } from '../../shared/item-link.tsx';
import { RelativeTime } from '../../shared/relative-time.tsx';
import { ITEM_TEXTS } from '../../texts/item-texts.ts';
import { deletionQuery, type ItemDetails } from './item-query.ts';
import { useEditItem } from './use-edit-item.ts';

/** What is known about an item. */
export function ItemFacts({ item }: { readonly item: ItemDetails }): ReactElement {
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <Section title={ITEM_TEXTS.facts}>
        <Facts item={item} />
      </Section>
      <Stack gap="md">
        <Section title={ITEM_TEXTS.origin}>
          <Origin origin={item.origin} />
        </Section>
        <Section title={ITEM_TEXTS.usedBy}>
          <Servers usedBy={item.used_by} />
        </Section>
        <Section title={ITEM_TEXTS.clones}>
          <Clones item={item} />
        </Section>
      </Stack>
    </SimpleGrid>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <Card withBorder padding="md" component="section" aria-label={title}>
      <Stack gap="sm">
        <Title order={2} size="h5">
          {title}
        </Title>
        {children}
      </Stack>
    </Card>
  );
}

function Facts({ item }: { readonly item: ItemDetails }): ReactElement {
  const groupName = useGroupNames();
  const pools = useAssignedPools(item.group);
  const edit = useEditItem(item);
  return (
    <dl className="facts">
      <Fact name={ITEM_TEXTS.description}>
        {item.description !== null && <span className="plain-text">{item.description}</span>}
      </Fact>
      <Fact name={ITEM_TEXTS.group}>{groupName(item.group)}</Fact>
      <Fact name={ITEM_TEXTS.pool}>{pools.find(({ pool }) => pool === item.pool)?.name ?? String(item.pool)}</Fact>
      <Fact name={ITEM_TEXTS.type}>{item.type}</Fact>
      <Fact name={ITEM_TEXTS.size}>
        <Bytes bytes={item.size} />
      </Fact>
      <Fact name={ITEM_TEXTS.stored}>{item.stored_bytes !== null && <Bytes bytes={item.stored_bytes} />}</Fact>
      <Fact name={ITEM_TEXTS.format}>
        {item.format !== null && (
          <>
            {item.format} {item.encrypted === true && <Badge variant="light">{ITEM_TEXTS.encrypted}</Badge>}
          </>
        )}
      </Fact>
      <Fact name={ITEM_TEXTS.virtualSize}>{item.virtual_size !== null && <Bytes bytes={item.virtual_size} />}</Fact>
      <Fact name={ITEM_TEXTS.label}>{item.volume_label}</Fact>
      <Fact name={ITEM_TEXTS.digest}>
        {item.sha256 === null ? (
          <Text size="sm" c="dimmed">
            {ITEM_TEXTS.digestUnknown}
          </Text>
        ) : (
          <CopyText text={item.sha256} label={ITEM_TEXTS.digest} />
        )}
      </Fact>
      <Fact name={ITEM_TEXTS.verified}>
        {item.verified_at === null ? ITEM_TEXTS.neverVerified : <RelativeTime at={item.verified_at} />}
      </Fact>
      <Fact name={ITEM_TEXTS.tags}>
        {item.tags.length > 0 && (
          <Group gap={6}>
            {item.tags.map(({ id, name }) => (
              <Badge
                key={id}
                tt="none"
                variant="light"
                rightSection={
                  <ActionIcon
                    size={16}
                    variant="transparent"
                    aria-label={ITEM_TEXTS.removeTag(name)}
                    onClick={() => {
                      edit.mutate({ tags: item.tags.filter((tag) => tag.id !== id).map((tag) => tag.id) });
                    }}
                  >
                    <X size={12} aria-hidden />
                  </ActionIcon>
                }
              >
                {name}
              </Badge>
            ))}
          </Group>
        )}
      </Fact>
      <Fact name={ITEM_TEXTS.id}>
        <CopyText text={item.id} label={ITEM_TEXTS.id} />
      </Fact>
    </dl>
  );
}

/** One fact; nothing where there is none to show. */
function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement | null {
  if (children === null || children === false || children === '') return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Bytes({ bytes }: { readonly bytes: number }): ReactElement {
  const exact = new Intl.NumberFormat().format(bytes);
  return (
    <>
      {bytesText(bytes)}{' '}
      <Text span size="xs" c="dimmed">
        {bytes >= 1024 && ITEM_TEXTS.exact(exact)}
      </Text>
    </>
  );
}

function Origin({ origin }: { readonly origin: ItemDetails['origin'] }): ReactElement {
  const { kind, by, at, through, media, url, checksum } = origin;
  return (
    <Stack gap="xs">
      <Text size="sm" className="plain-text">
        {kind === null ? ITEM_TEXTS.originUnknown : ITEM_TEXTS.originOf[kind]} <RelativeTime at={at} />
        {by !== null && ` ${ITEM_TEXTS.by(by.name)}`}
        {through !== null && ` ${ITEM_TEXTS.through(through)}`}
      </Text>
      {media !== null && <ItemLink media={media}>{ITEM_TEXTS.source}</ItemLink>}
      {(url !== null || checksum !== null) && (
        <dl className="facts">
          <Fact name={ITEM_TEXTS.importedFrom}>{url !== null && <span className="plain-text">{url}</span>}</Fact>
          <Fact name={ITEM_TEXTS.verifiedBy}>
            {checksum !== null && <span className="plain-text">{checksum}</span>}
          </Fact>
        </dl>
      )}
    </Stack>
  );
}

function Servers({ usedBy: { servers, count } }: { readonly usedBy: ItemDetails['used_by'] }): ReactElement {
  if (count === 0) {
    return (
      <Text size="sm" c="dimmed">
        {ITEM_TEXTS.unused}
      </Text>
    );
  }
  const others = count - servers.length;
  return (
    <Stack gap={4}>
      {servers.map(({ id, name }) => (
        <Text key={id} size="sm" className="plain-text">
          {name}
        </Text>
      ))}
      {others > 0 && <Text size="sm">{ITEM_TEXTS.otherServers(others)}</Text>}
    </Stack>
  );
}

/** The clones; the plan of a deletion knows the names of those that share the bytes. */
function Clones({ item }: { readonly item: ItemDetails }): ReactElement {
  const { data } = useQuery({ ...deletionQuery(item.id), enabled: item.clones.length > 0 });
  if (item.clones.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {ITEM_TEXTS.noClones}
      </Text>
    );
  }
  const names = new Map(data?.clones.map(({ id, name }) => [id, name]));
  return (
    <Stack gap={4}>
      {item.clones.map((id) => (
        <ItemLink key={id} media={id}>
          {names.get(id) ?? id}
        </ItemLink>
      ))}
    </Stack>
  );
}
