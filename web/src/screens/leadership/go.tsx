import { Anchor, type AnchorProps } from '@mantine/core';
import type { AnchorHTMLAttributes, MouseEvent, ReactNode } from 'react';
import { useHistory } from './question.js';

/** A link whose address is kept to the letter: positions of the log are texts, however much they look like numbers. */
export function Go({ href, children, ...more }: { readonly href: string; readonly children: ReactNode } & AnchorProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href' | keyof AnchorProps>) {
  const history = useHistory();
  const follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.push(href);
  };
  return <Anchor {...more} href={href} onClick={follow}>{children}</Anchor>;
}
