import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme, VisuallyHidden, type MantineColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconApi, IconDeviceDesktop, IconDevices, IconKeyboard, IconLogout, IconMoon, IconSun, IconUserCog } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
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
        <UnstyledButton style={{ borderRadius: 99 }}>
          <VisuallyHidden>{t('account.open', { name })}</VisuallyHidden>
          <Avatar name={name} size={34} color="water" variant="filled" alt="" aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fw={600} size="sm" c="var(--mantine-color-text)" style={{ overflowWrap: 'anywhere' }}>{name}</Text>
          <Text size="xs">{[t(`roles.${role}`), ...(department === null ? [] : [t(`departments.${department}`)])].join(' · ')}</Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{t('account.theme')}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}>
          {SCHEMES.map(([scheme, Icon]) => <Menu.RadioItem key={scheme} value={scheme} rightSection={<Icon size={16} aria-hidden />}>{t(`account.${scheme}`)}</Menu.RadioItem>)}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconUserCog size={16} aria-hidden />} component={Link} to="/account">{t('account.own')}</Menu.Item>
        <Menu.Item leftSection={<IconDevices size={16} aria-hidden />} component={Link} to="/account" hash="signed-in">{t('account.where')}</Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} rightSection={<kbd>?</kbd>} onClick={showKeys}>{t('account.keys')}</Menu.Item>
        <Menu.Item leftSection={<IconApi size={16} aria-hidden />} component="a" href="/api/docs">{t('account.api')}</Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={leave}>{t('account.out')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
