/** The nonce by which the page's policy lets styles in that scripts write. The attribute is hidden from selectors; the property is not. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.nonce ?? '';
export const styleNonce = (): string => nonce;
// Where libraries of Mantine's look for it (the lock on scrolling behind a dialog).
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;
