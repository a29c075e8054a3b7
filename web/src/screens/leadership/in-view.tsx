import { Box, type BoxProps } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';

/** Draws its content, and so asks for it, once it is nearly in sight. */
export function InView({ children, height = 120, ...box }: { readonly children: () => ReactNode; readonly height?: number } & BoxProps) {
  const place = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null || isNear) return;
    const observer = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && setNear(true), { rootMargin: '300px' });
    const all = (): void => setNear(true);
    observer.observe(element);
    // On paper everything is in sight.
    window.addEventListener('beforeprint', all);
    return () => {
      observer.disconnect();
      window.removeEventListener('beforeprint', all);
    };
  }, [isNear]);
  return <Box ref={place} mih={isNear ? undefined : height} {...box}>{isNear && children()}</Box>;
}
