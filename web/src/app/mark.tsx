/** The sign of the app: five rings. */
export function Mark({ size = 26 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 26 26" aria-hidden style={{ color: 'var(--five-lit)', flex: 'none' }}>
      <g fill="none" stroke="currentColor">
        <circle cx="13" cy="13" r="12" strokeWidth="1.2" strokeDasharray="4 2.2" />
        <circle cx="13" cy="13" r="9.4" strokeWidth="1.5" />
        <circle cx="13" cy="13" r="6.8" strokeWidth="1.7" />
        <circle cx="13" cy="13" r="4.2" strokeWidth="1.8" />
        <circle cx="13" cy="13" r="1.7" fill="currentColor" stroke="none" />
      </g>
    </svg>
  );
}
