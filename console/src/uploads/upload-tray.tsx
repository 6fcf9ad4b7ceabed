import { ActionIcon, Card, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { Pause, Play, X } from 'lucide-react';
import type { ReactElement } from 'react';
import { bytesText } from '../shared/bytes.ts';
import { durationText } from '../shared/durations.ts';
import { TEXTS } from '../texts.ts';
import { InterruptedUploads } from './interrupted-uploads.tsx';
import { cancelUpload, dismissUpload, pauseUpload, resumeUpload, useUploads } from './upload-list.ts';
import type { UploadTask } from './upload-task.ts';

/** The uploads of this page with their progress, and those that were interrupted before. */
export function UploadTray(): ReactElement {
  const uploads = useUploads();
  return (
    <>
      <InterruptedUploads />
      {uploads.length > 0 && (
        <Card withBorder padding="sm" component="section" aria-label={TEXTS.uploads.list}>
          <Stack gap="sm">
            <Title order={2} size="h5">
              {TEXTS.uploads.list}
            </Title>
            {uploads.map((task) => (
              <Row key={task.key} task={task} />
            ))}
          </Stack>
        </Card>
      )}
    </>
  );
}

function Row({ task }: { readonly task: UploadTask }): ReactElement {
  const { key, name, size, sent, state, failure } = task;
  const isOver = state === 'done';
  return (
    <Stack gap={4}>
      <Group gap="xs" wrap="nowrap">
        <Text size="sm" truncate flex={1}>
          {name}
        </Text>
        <Text size="xs" c="dimmed" className="number">
          {TEXTS.uploads[state]}
        </Text>
        {state === 'sending' && (
          <Action
            label={TEXTS.uploads.pause(name)}
            Icon={Pause}
            act={() => {
              pauseUpload(key);
            }}
          />
        )}
        {(state === 'paused' || state === 'failed') && (
          <Action
            label={TEXTS.uploads.resume(name)}
            Icon={Play}
            act={() => {
              resumeUpload(key);
            }}
          />
        )}
        <Action
          label={isOver ? TEXTS.uploads.dismiss(name) : TEXTS.uploads.cancel(name)}
          Icon={X}
          act={() => {
            if (isOver) dismissUpload(key);
            else void cancelUpload(key);
          }}
        />
      </Group>
      <Progress
        value={size === 0 ? (isOver ? 100 : 0) : (sent / size) * 100}
        {...(state === 'failed' && { color: 'red' })}
        aria-label={TEXTS.uploads.progress(name)}
      />
      {failure === null ? (
        <Text size="xs" c="dimmed">
          {speedText(task)}
        </Text>
      ) : (
        <Text size="xs" role="alert">
          {failure}
        </Text>
      )}
    </Stack>
  );
}

interface ActionProps {
  readonly label: string;
  readonly Icon: typeof X;
  readonly act: () => void;
}

function Action({ label, Icon, act }: ActionProps): ReactElement {
  return (
    <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} onClick={act}>
      <Icon size={14} aria-hidden />
    </ActionIcon>
  );
}

function speedText({ sent, size, rate }: UploadTask): string {
  const done = TEXTS.overview.of(bytesText(sent), bytesText(size));
  if (rate === null || rate <= 0) return done;
  return `${done}, ${TEXTS.uploads.rate(bytesText(rate), durationText((size - sent) / rate))}`;
}
