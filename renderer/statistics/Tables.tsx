import { Filter } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Statistics } from '../../src/messages.ts';
import { count, percent } from '../format.ts';
import { lengthTerm } from './terms.ts';
import { words } from './words.ts';

interface TableProps {
  readonly statistics: Statistics;
  readonly onFilter: (text: string) => void;
}

function Share({ part, whole, token }: { readonly part: number; readonly whole: number; readonly token: string }) {
  return (
    <td className="share">
      <span className="meter" aria-hidden>
        <i style={{ width: `${whole <= 0 ? 0 : (part / whole) * 100}%`, background: `var(${token})` }} />
      </span>
      <span className="num">{percent(part, whole)}</span>
    </td>
  );
}

function Only({ term, onFilter }: { readonly term: string; readonly onFilter: (text: string) => void }) {
  return (
    <button type="button" className="stat-only" aria-label={words.filterOn(term)} title={term} onClick={() => onFilter(term)}>
      <Filter size={12} aria-hidden />
    </button>
  );
}

function Head({ titles }: { readonly titles: readonly (readonly [string, 'text' | 'num' | 'share'])[] }) {
  return (
    <thead>
      <tr>
        {titles.map(([title, kind]) => (
          <th key={title} scope="col" className={kind}>
            {title}
          </th>
        ))}
      </tr>
    </thead>
  );
}

const Scroller = ({ children }: { readonly children: ReactNode }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys too
  <div className="stat-scroll" tabIndex={0}>
    {children}
  </div>
);

/** The protocol hierarchy: what rides on what, each with its share of all packets. */
export function Protocols({ statistics, onFilter }: TableProps) {
  const { protocols, packets } = statistics;
  const title = words.columns;
  return (
    <Scroller>
      <table className="stat-table" data-testid="stat-protocols">
        <Head
          titles={[
            [title.protocol, 'text'],
            [title.share, 'share'],
            [title.packets, 'num'],
            [title.bytes, 'num'],
            [title.ends, 'num'],
          ]}
        />
        <tbody>
          {protocols.map((row, k) => (
            <tr key={`${row.depth} ${row.protocol} ${k}`}>
              <th scope="row">
                <span style={{ paddingLeft: 16 * row.depth }} />
                <span className={`pill L-${row.hue}`}>{row.short}</span>
                <Only term={row.protocol} onFilter={onFilter} />
              </th>
              <Share part={row.packets} whole={packets} token={`--${row.hue}-fill`} />
              <td className="num">{count(row.packets)}</td>
              <td className="num">{count(row.bytes)}</td>
              <td className="num quiet">{count(row.ends)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

/** Packets by length, in Wireshark's classes. */
export function Lengths({ statistics, onFilter }: TableProps) {
  const { lengths, packets, bytes } = statistics;
  const title = words.columns;
  const some = lengths.filter((row) => row.packets > 0);
  const least = some.reduce((low, row) => Math.min(low, row.least), Number.POSITIVE_INFINITY);
  const most = some.reduce((high, row) => Math.max(high, row.most), 0);
  const average = (sum: number, n: number): string => (n === 0 ? '–' : count(sum / n));
  return (
    <Scroller>
      <table className="stat-table" data-testid="stat-lengths">
        <Head
          titles={[
            [title.length, 'text'],
            [title.share, 'share'],
            [title.packets, 'num'],
            [title.bytes, 'num'],
            [title.average, 'num'],
            [title.least, 'num'],
            [title.most, 'num'],
          ]}
        />
        <tbody>
          {lengths.map((row) => (
            <tr key={row.from} className={row.packets === 0 ? 'stat-zero' : ''}>
              <th scope="row">
                {row.to === null ? words.longer(row.from) : `${count(row.from)}–${count(row.to)}`}
                {row.packets > 0 && <Only term={lengthTerm(row)} onFilter={onFilter} />}
              </th>
              <Share part={row.packets} whole={packets} token="--raw-fill" />
              <td className="num">{count(row.packets)}</td>
              <td className="num">{count(row.bytes)}</td>
              <td className="num">{average(row.bytes, row.packets)}</td>
              <td className="num">{row.packets === 0 ? '–' : count(row.least)}</td>
              <td className="num">{row.packets === 0 ? '–' : count(row.most)}</td>
            </tr>
          ))}
          <tr className="sum">
            <th scope="row">{words.all}</th>
            <Share part={packets} whole={packets} token="--raw-fill" />
            <td className="num">{count(packets)}</td>
            <td className="num">{count(bytes)}</td>
            <td className="num">{average(bytes, packets)}</td>
            <td className="num">{packets === 0 ? '–' : count(least)}</td>
            <td className="num">{packets === 0 ? '–' : count(most)}</td>
          </tr>
        </tbody>
      </table>
    </Scroller>
  );
}
