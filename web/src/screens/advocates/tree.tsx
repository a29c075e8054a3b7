/** Trees of customers, walked with the arrow keys: right opens or goes in, left closes or goes out, Enter leads to the customer. */
import { Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { IconChevronRight } from '@tabler/icons-react';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReferralBranch } from '../../api/generated/types.gen.js';
import { sayDate, sayMoney, sayNumber } from '../../parts/locale.js';
import style from './advocates.module.css';

interface Line {
  readonly branch: ReferralBranch;
  readonly parent: string | null;
  /** Place among its siblings, and how many they are. */
  readonly at: number;
  readonly of: number;
}

/** Lines in sight, each parent before its children. */
function inSight(branches: readonly ReferralBranch[], closed: ReadonlySet<string>, parent: string | null = null): Line[] {
  return branches.flatMap((branch, index) => [{ branch, parent, at: index + 1, of: branches.length }, ...(closed.has(branch.customer.id) ? [] : inSight(branch.children, closed, branch.customer.id))]);
}

export function Tree({ roots }: { readonly roots: readonly ReferralBranch[] }) {
  const { t } = useTranslation('referrals');
  const navigate = useNavigate();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState<string | null>(null);
  const tree = useRef<HTMLUListElement>(null);
  const lines = useMemo(() => inSight(roots, closed), [roots, closed]);
  const here = lines.find(({ branch }) => branch.customer.id === active) ?? lines[0]!;
  const go = (id: string | undefined): void => {
    if (id === undefined) return;
    setActive(id);
    tree.current?.querySelector<HTMLElement>(`[data-id="${id}"]`)?.focus();
  };
  const open = (id: string, isOpen: boolean): void => setClosed((before) => {
    const next = new Set(before);
    if (isOpen) next.delete(id);
    else next.add(id);
    return next;
  });
  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { branch, parent } = here;
    const { id } = branch.customer;
    const index = lines.indexOf(here);
    const has = branch.children.length > 0;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(lines[index + 1]?.branch.customer.id),
      ArrowUp: () => go(lines[index - 1]?.branch.customer.id),
      Home: () => go(lines[0]?.branch.customer.id),
      End: () => go(lines.at(-1)?.branch.customer.id),
      ArrowRight: () => (has && closed.has(id) ? open(id, true) : go(branch.children[0]?.customer.id)),
      ArrowLeft: () => (has && !closed.has(id) ? open(id, false) : go(parent ?? undefined)),
      Enter: () => void navigate({ to: `/customers/${id}` }),
      ' ': () => has && open(id, closed.has(id)),
      '*': () => setClosed(new Set()),
    };
    const run = keys[event.key];
    if (run === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  return (
    <ul role="tree" aria-label={t('tree')} className={style['tree']} ref={tree} onKeyDown={pressed}>
      {lines.map(({ branch, at, of }) => {
        const { id } = branch.customer;
        const has = branch.children.length > 0;
        const isOpen = has && !closed.has(id);
        return (
          <li
            key={id}
            role="treeitem"
            aria-level={branch.depth + 1}
            aria-posinset={at}
            aria-setsize={of}
            {...(has && { 'aria-expanded': isOpen })}
            aria-selected={here.branch === branch}
            tabIndex={here.branch === branch ? 0 : -1}
            data-id={id}
            className={style['branch']}
            // Steps in no further than a small screen allows.
            style={{ paddingInlineStart: `calc(min(${branch.depth}, 8) * var(--step) + 4px)` }}
            onFocus={() => setActive(id)}
          >
            <span aria-hidden className={style['chevron']} data-open={isOpen} data-has={has} onClick={() => has && open(id, !isOpen)}>{has ? <IconChevronRight size={16} /> : <i />}</span>
            <span className={style['leaf']}>
              <Link to={`/customers/${id}`} tabIndex={-1} className={style['name']}>{branch.customer.name ?? t('unnamed')}</Link>
              <Text size="xs" component="span" c="dimmed" className={style['facts']}>{factsOf(branch, t).map((fact) => <span key={fact}><span className={style['silent']}>, </span>{fact}</span>)}</Text>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** What became of it, in words; times count from the referral. */
function factsOf({ link, firstContact, purchase, advocacy, worth, below, cut }: ReferralBranch, t: ReturnType<typeof useTranslation<'referrals'>>['t']): string[] {
  const after = (what: string, happened: { readonly at: string | null; readonly days: number | null } | null): string[] => {
    if (happened === null) return link === null ? [] : [t(`${what}.not`)];
    return [happened.days === null ? t(`${what}.on`, { date: happened.at === null ? '' : sayDate(happened.at) }) : t(`${what}.after`, { count: Math.round(happened.days), shown: sayNumber(Math.round(happened.days)) })];
  };
  return [
    ...(link === null ? [] : [t('named', { date: sayDate(link.at) })]),
    ...(link === null ? [] : after('contact', firstContact)),
    ...after('purchase', purchase),
    ...(advocacy === null ? [] : after('advocacy', advocacy)),
    ...(worth.length === 0 ? [] : [t('worth', { worth: worth.map(({ amount, currency }) => sayMoney(amount, currency, true)).join(' + ') })]),
    ...(below.customers === 0 ? [] : [t('brought', { count: below.customers, shown: sayNumber(below.customers), bought: sayNumber(below.bought), worth: below.worth.length === 0 ? '' : `, ${below.worth.map(({ amount, currency }) => sayMoney(amount, currency, true)).join(' + ')}` })]),
    ...(cut === 0 ? [] : [t('cut', { count: cut })]),
  ];
}
