import { Anchor, Badge, Button, Card, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CopyPlus } from 'lucide-react';
import type { ReactElement } from 'react';
import { useGroupsWith } from '../../session/groups.ts';
import { bytesText } from '../../shared/bytes.ts';
import { errorText } from '../../shared/error-text.ts';
import { TEXTS } from '../../texts.ts';
import { LIBRARY_TEXTS } from '../../texts/library-texts.ts';
import type { StartedClone } from './clone-drive-dialog.tsx';
import { jobQuery, type LibraryDrive } from './library-query.ts';

const WEB = /^https?:\/\//;

interface Props {
  readonly drive: LibraryDrive;
  /** The last clone of it that was started on this page. */
  readonly clone: StartedClone | undefined;
  readonly onClone: () => void;
}

/** A drive of the library, with everything that is known before it is cloned. */
export function DriveCard({ drive, clone, onClone }: Props): ReactElement {
  const mayClone = useGroupsWith('velocity.media.create').length > 0;
  const { name, description, size, os, arch, distribution, version, category, paid, url } = drive;
  const system = [distribution ?? os, version, LIBRARY_TEXTS.bits(arch)].filter((part) => part !== null).join(' ');
  return (
    <Card withBorder padding="md" component="article" aria-label={name}>
      <Stack gap="xs" h="100%">
        <Title order={2} size="h5" className="long-text">
          {name}
        </Title>
        <Group gap={6}>
          <Badge tt="none" variant="light">
            {drive.type}
          </Badge>
          <Badge tt="none" variant="light" color="gray">
            {drive.image_type}
          </Badge>
          {category.map((one) => (
            <Badge key={one} tt="none" variant="light" color="gray">
              {one}
            </Badge>
          ))}
          {paid && (
            <Badge tt="none" variant="light" color="yellow">
              {LIBRARY_TEXTS.paid}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {system} · {bytesText(size)}
        </Text>
        {description !== null && (
          <Text size="sm" className="plain-text">
            {description}
          </Text>
        )}
        <Facts drive={drive} />
        <Group justify="space-between" mt="auto" pt="xs">
          {WEB.test(url) ? (
            <Anchor href={url} target="_blank" rel="noreferrer" size="sm">
              {LIBRARY_TEXTS.website}
            </Anchor>
          ) : (
            <span />
          )}
          {mayClone && (
            <Button
              size="xs"
              leftSection={<CopyPlus size={14} aria-hidden />}
              aria-label={LIBRARY_TEXTS.cloneLabel(name)}
              onClick={onClone}
            >
              {LIBRARY_TEXTS.clone}
            </Button>
          )}
        </Group>
        {clone !== undefined && <CloneProgress key={clone.job} clone={clone} />}
      </Stack>
    </Card>
  );
}

function Facts({ drive }: { readonly drive: LibraryDrive }): ReactElement {
  const { licences, default_user: user, install_notes: notes } = drive;
  return (
    <>
      {licences.length > 0 && (
        <Text size="sm">
          {LIBRARY_TEXTS.licences}: {licences.map(({ name, amount }) => LIBRARY_TEXTS.licence(name, amount)).join(', ')}
        </Text>
      )}
      {user !== null && user !== '' && <Text size="sm">{LIBRARY_TEXTS.user(user)}</Text>}
      {notes !== null && notes !== '' && (
        <details className="install-notes">
          <summary>{LIBRARY_TEXTS.notes}</summary>
          <Text size="sm" className="plain-text">
            {notes}
          </Text>
        </details>
      )}
    </>
  );
}

function CloneProgress({ clone: { name, job } }: { readonly clone: StartedClone }): ReactElement {
  const { data, error } = useQuery(jobQuery(job));
  if (error) return <Text size="sm">{errorText(error)}</Text>;
  if (data?.state === 'failed') return <Text size="sm">{data.failure_detail ?? data.failure}</Text>;
  const isDone = data?.state === 'done';
  const [copied, total] = [data?.copied_bytes ?? 0, data?.total_bytes ?? 0];
  const share = total === 0 ? 0 : (copied / total) * 100;
  return (
    <Stack gap={4} role="status">
      <Group justify="space-between" gap="xs">
        <Text size="sm" className="long-text">
          {isDone ? LIBRARY_TEXTS.ready(name) : LIBRARY_TEXTS.begun(name)}
        </Text>
        {!isDone && (
          <Text size="xs" c="dimmed">
            {TEXTS.overview.of(bytesText(copied), bytesText(total))}
          </Text>
        )}
      </Group>
      <Progress value={isDone ? 100 : share} aria-label={LIBRARY_TEXTS.progress(name)} />
    </Stack>
  );
}
