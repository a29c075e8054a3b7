import { Group, Kbd, Modal, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { useBoundKeys } from './keys.js';

export function useKeyHelp(): { readonly isOpen: boolean; readonly open: () => void; readonly close: () => void } {
  const [isOpen, { open, close }] = useDisclosure(false);
  return { isOpen, open, close };
}

/** All keys that are bound just now. */
export function KeyHelp({ isOpen, close }: { readonly isOpen: boolean; readonly close: () => void }) {
  const { t } = useTranslation();
  const keys = useBoundKeys();
  return (
    <Modal opened={isOpen} onClose={close} title={<Text fw={650}>{t('keys.title')}</Text>} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      <Table>
        <Table.Tbody>
          {keys.map(({ keys: pressed, says }) => (
            <Table.Tr key={pressed}>
              <Table.Th scope="row" fw={400}>{says}</Table.Th>
              <Table.Td><Group gap={4} justify="flex-end" wrap="nowrap">{pressed.split(' ').map((key, at) => <span key={at}>{at > 0 && <Text component="span" size="xs" c="dimmed">{t('keys.then')} </Text>}<Kbd>{key}</Kbd></span>)}</Group></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
