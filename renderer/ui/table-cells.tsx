/** Cells that tables of several views have. */
import type { ConnectionSummary } from '../../src/messages.ts';
import { endpoint } from './endpoint.ts';

/** The shape of an outcome: disc for good, diamond for broken, ring for open or unanswered. The word stands beside it. */
export function OutcomeShape({ tone }: { readonly tone: ConnectionSummary['tone'] }) {
  return <i className={`outcome-shape ${tone}`} aria-hidden />;
}

/** 'address:port' with the port quieter, and never cut: of a connection it is what tells it apart. */
export function EndpointCell({ text }: { readonly text: string }) {
  const { host, port } = endpoint(text);
  return (
    <span className="endpoint" title={text}>
      <span className="cut">{host}</span>
      <span className="quiet">{port}</span>
    </span>
  );
}
