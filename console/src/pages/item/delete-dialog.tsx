import { List, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api } from '../../api/api.ts';
import { bytesText } from '../../shared/bytes.ts';
import { FormDialog } from '../../shared/form-dialog.tsx';
import { FailedState, LoadingState } from '../../shared/states.tsx';
import { ITEM_TEXTS } from '../../texts/item-texts.ts';
import { notifyDeleted } from '../media/deleted-message.tsx';
import { isAboutMedia } from '../media/media-query.ts';
import { deletionQuery, type DeletionPlan, type ItemDetails } from './item-query.ts';

interface Props {
  readonly item: ItemDetails;
  readonly onClose: () => void;
}

/** What the deletion would free, or why it is not possible, before the item moves to the trash. */
export function DeleteDialog({ item, onClose }: Props): ReactElement {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: plan, error, refetch } = useQuery({ ...deletionQuery(item.id), staleTime: 0 });
  const remove = useMutation({
    mutationFn: async () => api.DELETE('/v1/media/{media}', { params: { path: { media: item.id } } }),
    onSuccess: async () => {
      onClose();
      notifyDeleted(client, [item]);
      await navigate({ to: '/media' });
      await client.invalidateQueries({ predicate: isAboutMedia });
    },
  });
  return (
    <FormDialog
      title={ITEM_TEXTS.deleteTitle}
      submit={ITEM_TEXTS.toTrashButton}
      isDangerous
      action={remove}
      canSubmit={plan?.deletable === true}
      onSubmit={remove.mutate}
      onClose={onClose}
    >
      <Text fw={600} className="plain-text">
        {item.name}
      </Text>
      {error ? (
        <FailedState error={error} retry={() => void refetch()} />
      ) : plan ? (
        <Plan plan={plan} />
      ) : (
        <LoadingState />
      )}
    </FormDialog>
  );
}

function Plan({ plan }: { readonly plan: DeletionPlan }): ReactElement {
  return (
    <List size="sm" spacing={4} aria-label={ITEM_TEXTS.planned}>
      {sentencesOf(plan).map((sentence) => (
        <List.Item key={sentence}>{sentence}</List.Item>
      ))}
      {plan.clones.map(({ id, name }) => (
        <List.Item key={id} className="plain-text">
          {name}
        </List.Item>
      ))}
    </List>
  );
}

function sentencesOf(plan: DeletionPlan): readonly string[] {
  const { deletable, protected: isProtected, server_count: servers, clone_count: clones } = plan;
  if (!deletable) {
    const reasons = [
      ...(isProtected ? [ITEM_TEXTS.isProtected] : []),
      ...(servers > 0 ? [ITEM_TEXTS.isAttached(servers)] : []),
    ];
    return reasons.length > 0 ? reasons : [ITEM_TEXTS.notDeletable];
  }
  return [
    plan.bytes_freed === 0 && clones > 0
      ? ITEM_TEXTS.freesNothing(clones)
      : ITEM_TEXTS.frees(bytesText(plan.bytes_freed)),
    ITEM_TEXTS.refunds(bytesText(plan.charge_freed)),
  ];
}
