import { words } from '../words.ts';

const ARROWS = [
  { step: '1/3', flags: 'SYN', y: 28, right: true },
  { step: '2/3', flags: 'SYN, ACK', y: 56, right: false },
  { step: '3/3', flags: 'ACK', y: 80, right: true },
] as const;

/** Three arrows between two lifelines. */
export function HandshakePicture() {
  return (
    <svg viewBox="0 0 330 118" style={{ width: '100%', display: 'block' }} role="img" aria-label={words.handshakePicture}>
      <g fontSize="11" fill="var(--text)">
        <text x="52" y="11" textAnchor="middle" fontWeight="600">
          {words.client}
        </text>
        <text x="278" y="11" textAnchor="middle" fontWeight="600">
          {words.server}
        </text>
        <rect x="49" y="18" width="6" height="52" fill="var(--tra-line)" />
        <rect x="49" y="70" width="6" height="46" fill="var(--tra-fill)" />
        <rect x="277.3" y="18" width="1.5" height="24" fill="var(--line-2)" />
        <rect x="275" y="42" width="6" height="52" fill="var(--tra-line)" />
        <rect x="275" y="94" width="6" height="22" fill="var(--tra-fill)" />
        {ARROWS.map(({ step, flags, y, right }) => {
          const tip = y + 14;
          const half = (flags.length + 4) * 3.4 + 8;
          return (
            <g key={step}>
              <line x1={right ? 58 : 272} y1={y} x2={right ? 270 : 60} y2={tip} stroke="var(--text-2)" strokeWidth="1.4" />
              <path d={right ? `M272 ${tip}l-8 -4v8z` : `M58 ${tip}l8 -4v8z`} fill="var(--text-2)" />
              <rect x={165 - half} y={y - 2} width={2 * half} height="17" fill="var(--bg)" />
              <text x="165" y={y + 10.5} textAnchor="middle">
                <tspan fill="var(--tra)" fontWeight="600">
                  {step}
                </tspan>
                {`  ${flags}`}
              </text>
            </g>
          );
        })}
      </g>
    </svg>
  );
}
