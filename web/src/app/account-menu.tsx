import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconApi, IconDeviceDesktop, IconKeyboard, IconLogout, IconMoon, IconSun } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { signOut, useSession } from './session.js';

const SCHEMES = [['light', IconSun], ['dark', IconMoon], ['auto', IconDeviceDesktop]] as const;

/** Who is signed in, the colours, and the way out. */
export function AccountMenu({ showKeys }: { readonly showKeys: () => void }) {
  const { t } = useTranslation();
  const { name, role, department } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const leave = (): void => {
    signOut().catch((error: unknown) => notifications.show({ color: 'red', message: t('account.failed', { why: error instanceof Error ? error.message : '' }) }));
  };
  return (
    <Menu position="bottom-end" width={240} withinPortal>
      <Menu.Target>
        <UnstyledButton aria-label={t('account.open', { name })} style={{ borderRadius: 99 }}>
          <Avatar name={name} size={34} color="water" variant="filled" alt="" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fw={600} size="sm" c="var(--mantine-color-text)" style={{ overflowWrap: 'anywhere' }}>{name}</Text>
          <Text size="xs">{[t(`roles.${role}`), ...(department === null ? [] : [t(`departments.${department}`)])].join(' · ')}</Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t('account.theme')}</Menu.Label>
        {SCHEMES.map(([scheme, Icon]) => <Menu.Item key={scheme} role="menuitemradio" aria-checked={colorScheme === scheme} leftSection={<Icon size={16} aria-hidden />} rightSection={colorScheme === scheme ? '✓' : undefined} onClick={() => setColorScheme(scheme)}>{t(`account.${scheme}`)}</Menu.Item>)}
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} rightSection={<kbd>?</kbd>} onClick={showKeys}>{t('account.keys')}</Menu.Item>
        <Menu.Item leftSection={<IconApi size={16} aria-hidden />} component="a" href="/api/docs">{t('account.api')}</Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={leave}>{t('account.out')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
