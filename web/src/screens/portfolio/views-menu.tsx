import { Button, Group, Menu, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconBookmark, IconBookmarkPlus, IconTrash } from '@tabler/icons-react';
import { useState, type SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedView, SavedViews } from './saved.js';

/** Saved views: open one, save what is shown now, take one away. */
export function ViewsMenu({ saved: { views, save, remove }, now, open }: { readonly saved: SavedViews; readonly now: SavedView['search']; readonly open: (search: SavedView['search']) => void }) {
  const { t } = useTranslation('portfolio');
  const [isNaming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const send = (event: SyntheticEvent): void => {
    event.preventDefault();
    save({ name: name.trim(), search: now });
    setNaming(false);
    setName('');
  };
  return (
    <>
      <Menu position="bottom-end" width={280} withinPortal>
        <Menu.Target>
          <Button variant="default" leftSection={<IconBookmark size={16} aria-hidden />}>{t('views.button')}</Button>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
          {views.length === 0 && <Menu.Label>{t('views.none')}</Menu.Label>}
          {views.map((view) => <Menu.Item key={view.name} onClick={() => open(view.search)}><Text size="sm" style={{ overflowWrap: 'anywhere' }}>{view.name}</Text></Menu.Item>)}
          <Menu.Divider />
          <Menu.Item leftSection={<IconBookmarkPlus size={16} aria-hidden />} onClick={() => setNaming(true)}>{t('views.save')}</Menu.Item>
          {views.length > 0 && <Menu.Label>{t('views.remove')}</Menu.Label>}
          {views.map((view) => <Menu.Item key={view.name} leftSection={<IconTrash size={16} aria-hidden />} aria-label={t('views.removeOne', { name: view.name })} onClick={() => remove(view.name)} closeMenuOnClick={false}><Text size="sm" style={{ overflowWrap: 'anywhere' }}>{view.name}</Text></Menu.Item>)}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={isNaming} onClose={() => setNaming(false)} title={<Text fw={650}>{t('views.save')}</Text>} closeButtonProps={{ 'aria-label': t('cancel') }}>
        <form onSubmit={send}>
          <Stack gap="md">
            <TextInput label={t('views.name')} description={t('views.where')} value={name} onChange={(event) => setName(event.currentTarget.value)} maxLength={80} required data-autofocus />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setNaming(false)}>{t('cancel')}</Button>
              <Button type="submit" disabled={name.trim() === ''}>{t('views.send')}</Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
