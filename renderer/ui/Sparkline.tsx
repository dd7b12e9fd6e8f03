/** A line over a filled area; the newest value at the right; both empty where nothing was measured. `slots` is the number of values that fill the width. */
export function linePath(
  values: readonly number[],
  slots: number,
  width: number,
  height: number,
): { readonly line: string; readonly area: string } {
  if (values.length === 0) return { line: '', area: '' };
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, slots - 1);
  const x0 = width - (values.length - 1) * step;
  const points = values.map(
    (value, index) => `${(x0 + index * step).toFixed(1)} ${(height - 1 - (value / most) * (height - 3)).toFixed(1)}`,
  );
  const line = `M${points.join('L')}`;
  return { line, area: `${line}V${height}H${x0.toFixed(1)}Z` };
}

interface Props {
  readonly values: readonly number[];
  readonly slots: number;
  readonly width: number;
  readonly height: number;
  readonly colour: string;
  readonly label: string;
  readonly className?: string;
}

export function Sparkline({ values, slots, width, height, colour, label, className }: Props) {
  const { line, area } = linePath(values, slots, width, height);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" className={className} role="img" aria-label={label}>
      <path d={`M0 ${height - 0.5}H${width}`} fill="none" stroke="var(--line-2)" vectorEffect="non-scaling-stroke" />
      <path d={area} fill={colour} opacity=".14" />
      <path d={line} fill="none" stroke={colour} strokeWidth="1.3" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
