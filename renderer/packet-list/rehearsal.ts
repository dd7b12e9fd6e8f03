/** Made-up rows behind the start screen: fonts, styles, code and the rows themselves are ready then for the first capture. */
import type { RowSummary } from '../../src/messages.ts';
import type { GridRows } from './grid-rows.ts';

/** How often they are drawn: code that has run a few times runs faster. */
const REHEARSALS = 4;
/** The page has no time, and they are drawn all the same, ms. */
const PATIENCE_MS = 1000;

/** Rows with all that rows have: marks, ports, flags. Nobody sees them. */
function madeUp(count: number): RowSummary[] {
  return Array.from({ length: count }, (_, row) => ({
    row,
    time: '0.123456',
    source: '192.0.2.10',
    destination: '2001:db8::1',
    sourcePort: '49152',
    destinationPort: '443',
    protocol: 'TCP',
    hue: 'tra',
    length: 1234,
    info: '[SYN, ACK] Seq=0 Ack=1 Win=64240 Len=0 GET /index.html HTTP/1.1',
    marks: row % 8 === 0 ? [{ kind: 'warn', text: 'Retransmission' }] : [],
    stream: 0,
    transport: 'tcp',
    fields: [],
  }));
}

/** Draws a screen of rows a few times while `wanted`, and leaves them empty; `drawn` hears of each time. The function that comes back ends it. */
export function rehearse(rows: GridRows, wanted: () => boolean, drawn: () => void): () => void {
  let idle = 0;
  const round = (left: number): void => {
    idle = requestIdleCallback(
      () => {
        if (!wanted()) return;
        rows.rehearse(madeUp(rows.screen));
        drawn();
        if (left > 1) round(left - 1);
      },
      { timeout: PATIENCE_MS },
    );
  };
  round(REHEARSALS);
  return () => cancelIdleCallback(idle);
}
