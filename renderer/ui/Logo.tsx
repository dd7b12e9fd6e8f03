/** Four layers, each inside the one above it. */
export function Logo({ size }: { readonly size: number }) {
  return (
    <svg viewBox="0 0 20 20" width={size} height={size} aria-hidden="true">
      <rect x="1" y="2" width="18" height="3.4" rx="1.2" fill="var(--link-fill)" />
      <rect x="4.5" y="6.2" width="14.5" height="3.4" rx="1.2" fill="var(--net-fill)" />
      <rect x="8" y="10.4" width="11" height="3.4" rx="1.2" fill="var(--tra-fill)" />
      <rect x="11.5" y="14.6" width="7.5" height="3.4" rx="1.2" fill="var(--app-fill)" />
    </svg>
  );
}
