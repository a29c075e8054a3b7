import { Badge, Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accountsAllOptions, colleaguesAllOptions } from '../../api/generated/@tanstack/react-query.gen.js';
import type { AccountsAllResponses, ColleaguesAllResponses } from '../../api/generated/types.gen.js';
import { Answer } from '../../parts/states.js';
import { When } from '../../parts/when.js';
import { AddColleague } from './add-colleague.js';
import style from './administration.module.css';
import { Colleague } from './colleague.js';
import { AdministrationPage } from './page.js';

export type Account = AccountsAllResponses[200]['items'][number];
export type Known = ColleaguesAllResponses[200]['items'][number];

/** What a colleague's door looks like: in one word for the list. */
export function stateOf({ active }: Known, account: Account | undefined): 'left' | 'none' | 'disabled' | 'invited' | 'open' {
  if (!active) return 'left';
  if (account === undefined) return 'none';
  if (!account.enabled) return 'disabled';
  return account.password || account.lastSignIn !== null ? 'open' : 'invited';
}

export default function Accounts() {
  const { t } = useTranslation('administration');
  const colleagues = useQuery(colleaguesAllOptions());
  const accounts = useQuery(accountsAllOptions());
  const [opened, setOpened] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  const accountOf = new Map((accounts.data?.items ?? []).map((account) => [account.id, account]));
  const chosen = colleagues.data?.items.find(({ id }) => id === opened);
  return (
    <AdministrationPage texts="administration" actions={<Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>{t('add')}</Button>}>
      <Text size="sm" c="dimmed" mb="md" maw={720}>{t('more')}</Text>
      <Answer query={accounts} lines={6}>
        {() => (
          <Answer query={colleagues} lines={6}>
            {({ items }) => (
              <ul className={style['list']} aria-label={t('heading')}>
                {[...items].sort((a, b) => Number(b.active) - Number(a.active)).map((colleague) => {
                  const account = accountOf.get(colleague.id);
                  const state = stateOf(colleague, account);
                  const name = colleague.name ?? t('unnamed');
                  return (
                    <li key={colleague.id} className={`${style['row']} ${style['account']}`}>
                      <div className={style['cut']}>
                        <Text fw={600} size="sm">{name}</Text>
                        <Text size="xs" c="dimmed">{[colleague.id, t(`departments.${colleague.department}`, { ns: 'app' })].join(' · ')}</Text>
                      </div>
                      <Text size="sm" component="div">{account === undefined ? '' : t(`roles.${account.role}`, { ns: 'app' })}{account?.role === 'leader' && account.contacts && <Text size="xs" c="dimmed">{t('seesContacts')}</Text>}</Text>
                      <div className={style['cut']}>
                        <Badge variant={state === 'open' ? 'light' : 'default'} tt="none" color="water">{t(`states.${state}`)}</Badge>
                        {account !== undefined && state !== 'left' && <Text size="xs" c="dimmed" mt={2}>{account.lastSignIn === null ? t('never') : <>{t('lastSignIn')} <When at={account.lastSignIn} /></>}</Text>}
                      </div>
                      <Button variant="default" size="xs" onClick={() => setOpened(colleague.id)} aria-label={t('changeOf', { name })}>{t('change')}</Button>
                    </li>
                  );
                })}
              </ul>
            )}
          </Answer>
        )}
      </Answer>
      {adding && <AddColleague taken={new Set((colleagues.data?.items ?? []).map(({ id }) => id))} close={() => setAdding(false)} />}
      {chosen !== undefined && <Colleague key={chosen.id} colleague={chosen} account={accountOf.get(chosen.id)} close={() => setOpened(null)} />}
    </AdministrationPage>
  );
}
