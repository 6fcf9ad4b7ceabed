import { Badge, Button, Group, Stack, Title } from '@mantine/core';
import { Copy, Download, FolderInput, Lock, Pencil, Scaling, ShieldCheck, Trash2 } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { useAssignedPools } from '../../session/assignments.ts';
import { useGroupsWith, useMay } from '../../session/groups.ts';
import { TEXTS } from '../../texts.ts';
import { ITEM_TEXTS } from '../../texts/item-texts.ts';
import { CloneDialog } from './clone-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { EditDialog } from './edit-dialog.tsx';
import type { ItemDetails } from './item-query.ts';
import { MoveDialog } from './move-dialog.tsx';
import { ResizeDialog } from './resize-dialog.tsx';

const ICON_SIZE = 14;
type Action = 'edit' | 'resize' | 'move' | 'clone' | 'delete';

interface Props {
  readonly item: ItemDetails;
  /** Called with a job whose progress is to be shown. */
  readonly follow: (job: string) => void;
}

/** Name and state of an item, and what the user may do with it. */
export function ItemHeader({ item, follow }: Props): ReactElement {
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Title order={1} size="h2" className="item-name">
          {item.name}
        </Title>
        <Group gap={6}>
          <Badge tt="none" variant="light" color="gray">
            {item.type}
          </Badge>
          {item.state !== 'ready' && (
            <Badge tt="none" variant="light" color="orange">
              {ITEM_TEXTS.state[item.state]}
            </Badge>
          )}
          {item.in_use && (
            <Badge tt="none" variant="light" color="blue">
              {TEXTS.media.inUse}
            </Badge>
          )}
          {item.protected && (
            <Badge tt="none" variant="light" leftSection={<ShieldCheck size={12} aria-hidden />}>
              {TEXTS.media.protected}
            </Badge>
          )}
          {item.read_only && (
            <Badge tt="none" variant="light" color="gray" leftSection={<Lock size={12} aria-hidden />}>
              {TEXTS.media.readOnly}
            </Badge>
          )}
        </Group>
      </Group>
      {item.state === 'ready' && <Actions item={item} follow={follow} />}
    </Stack>
  );
}

function Actions({ item, follow }: Props): ReactElement {
  const [open, setOpen] = useState<Action | null>(null);
  const may = useMay();
  const isManaged = useAssignedPools(item.group).some(({ pool, manage }) => pool === item.pool && manage);
  const mayChange = isManaged && may('velocity.media.create', item.group);
  const mayRemove = isManaged && may('velocity.media.remove', item.group);
  const mayClone = useGroupsWith('velocity.media.create').length > 0;
  const close = (): void => {
    setOpen(null);
  };
  const actions = [
    { action: 'edit', isOffered: mayChange, Icon: Pencil },
    { action: 'clone', isOffered: mayClone, Icon: Copy },
    { action: 'resize', isOffered: mayChange && !item.read_only, Icon: Scaling },
    { action: 'move', isOffered: mayChange || (mayRemove && mayClone), Icon: FolderInput },
  ] as const;
  return (
    <Group gap="xs" role="toolbar" aria-label={TEXTS.actions}>
      <Button
        component="a"
        href={`/v1/media/${item.id}/content`}
        download={item.name}
        size="xs"
        leftSection={<Download size={ICON_SIZE} aria-hidden />}
      >
        {ITEM_TEXTS.download}
      </Button>
      {actions
        .filter(({ isOffered }) => isOffered)
        .map(({ action, Icon }) => (
          <Button
            key={action}
            size="xs"
            variant="default"
            leftSection={<Icon size={ICON_SIZE} aria-hidden />}
            onClick={() => {
              setOpen(action);
            }}
          >
            {ITEM_TEXTS[action]}
          </Button>
        ))}
      {mayRemove && (
        <Button
          size="xs"
          variant="light"
          color="red"
          leftSection={<Trash2 size={ICON_SIZE} aria-hidden />}
          onClick={() => {
            setOpen('delete');
          }}
        >
          {ITEM_TEXTS.delete}
        </Button>
      )}
      {open === 'edit' && <EditDialog item={item} onClose={close} />}
      {open === 'resize' && <ResizeDialog item={item} onClose={close} />}
      {open === 'move' && <MoveDialog item={item} follow={follow} onClose={close} />}
      {open === 'clone' && <CloneDialog item={item} follow={follow} onClose={close} />}
      {open === 'delete' && <DeleteDialog item={item} onClose={close} />}
    </Group>
  );
}
