/** The display-filter term that a cell of the list stands for. */
import type { RowSummary } from '../../src/messages.ts';
import { filterText } from '../ui/filter-text.ts';

export type ListColumn = 'no' | 'time' | 'source' | 'destination' | 'protocol' | 'length' | 'info';

/** What stands before the abbreviation in the id of a column that shows a field. */
const FIELD = 'field ';

/** Id of the column that shows a field. */
export function fieldColumn(abbrev: string): string {
  return FIELD + abbrev;
}

/** The field that a column shows; null for a column of the list's own. */
export function fieldOf(column: string): string | null {
  return column.startsWith(FIELD) ? column.slice(FIELD.length) : null;
}

/** Term for a cell of a column that shows a field; null where the packet has none. */
export function fieldTerm(row: RowSummary, abbrev: string, fields: readonly string[]): string | null {
  const first = row.fields[fields.indexOf(abbrev)]?.first ?? null;
  return first === null ? null : filterText({ abbrev, ...first });
}

const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

function addressTerm(address: string, side: 'src' | 'dst'): string | null {
  if (MAC.test(address)) return `eth.${side} == ${address}`;
  if (IPV4.test(address)) return `ip.${side} == ${address}`;
  if (/^[0-9a-f:]*:[0-9a-f:.]*$/i.test(address)) return `ipv6.${side} == ${address}`;
  return null;
}

/** Protocol as filters name it: `TLSv1.2` is `tls`, `HTTP/2` is `http2`. */
export function protocolTerm(protocol: string): string | null {
  const name = protocol
    .toLowerCase()
    .replace(/^(tls|ssl)v?[\d.]*$/, 'tls')
    .replace('/', '')
    .replace(/[^a-z0-9_.-]/g, '');
  return name === '' ? null : name;
}

/** Term for a cell, null where there is none. `port`: the click was on the port of an address. */
export function cellTerm(row: RowSummary, column: ListColumn, port: boolean): string | null {
  switch (column) {
    case 'no':
      return `frame.number == ${row.row + 1}`;
    case 'time':
      return null;
    case 'source':
    case 'destination': {
      const from = column === 'source';
      if (port && row.transport !== null)
        return `${row.transport}.${from ? 'srcport' : 'dstport'} == ${from ? row.sourcePort : row.destinationPort}`;
      return addressTerm(from ? row.source : row.destination, from ? 'src' : 'dst');
    }
    case 'protocol':
      return protocolTerm(row.protocol);
    case 'length':
      return `frame.len == ${row.length}`;
    case 'info':
      return row.stream === null || row.transport === null ? null : `${row.transport}.stream == ${row.stream}`;
  }
}

/** Cell as text, for copying. */
export function cellText(row: RowSummary, column: ListColumn): string {
  switch (column) {
    case 'no':
      return String(row.row + 1);
    case 'time':
      return row.time;
    case 'source':
      return row.sourcePort === '' ? row.source : joinPort(row.source, row.sourcePort);
    case 'destination':
      return row.destinationPort === '' ? row.destination : joinPort(row.destination, row.destinationPort);
    case 'protocol':
      return row.protocol;
    case 'length':
      return String(row.length);
    case 'info':
      return [...row.marks.map((mark) => mark.text), row.info].join(' ');
  }
}

function joinPort(address: string, port: string): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

const ALL: readonly ListColumn[] = ['no', 'time', 'source', 'destination', 'protocol', 'length', 'info'];

/** Row as one line with tabs. */
export function rowText(row: RowSummary): string {
  return ALL.map((column) => cellText(row, column)).join('\t');
}
