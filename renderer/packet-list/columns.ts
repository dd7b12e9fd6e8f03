/** The columns of the list: its own, and those of fields that the user chose. */
import type { ColDef } from 'ag-grid-community';
import type { RowSummary } from '../../src/messages.ts';
import { printableLines } from '../../src/words/printable.ts';
import { count } from '../format.ts';
import { useApp } from '../store/state.ts';
import { words } from '../words.ts';
import { fieldColumn } from './cell-filter.ts';
import { DestinationCell, drawnOf, InfoCell, ProtocolCell, SourceCell } from './cells.ts';

const OWN: ReadonlySet<string> = new Set(['no', 'time', 'source', 'destination', 'protocol', 'length', 'info']);

/** Id of the column for what the engine sorts by: a column of the list, or a field. */
export function columnOf(sorting: string): string {
  return OWN.has(sorting) ? sorting : fieldColumn(sorting);
}

/** @param fields abbreviations of fields with a column of their own, before the info column */
export function columns(fields: readonly string[]): ColDef<RowSummary>[] {
  const num = { headerClass: 'num', cellClass: 'num' };
  return [
    {
      colId: 'no',
      headerName: words.columns.no,
      initialWidth: 40,
      headerClass: 'num',
      cellClass: ['num', 'no'],
      valueGetter: ({ data }) => (data === undefined ? '' : count(data.row + 1)),
      cellClassRules: {
        marked: ({ data }) => data !== undefined && useApp.getState().marked.has(data.row),
        rel: ({ data }) => {
          const { detail, selection } = useApp.getState();
          return (
            data !== undefined &&
            detail !== null &&
            selection.kind === 'packet' &&
            detail.row === selection.row &&
            detail.related.includes(data.row)
          );
        },
      },
    },
    { colId: 'time', headerName: words.columns.time, initialWidth: 72, ...num, valueGetter: ({ data }) => data?.time ?? '' },
    {
      colId: 'source',
      headerName: words.columns.source,
      initialWidth: 129,
      cellRenderer: SourceCell,
      valueGetter: ({ data }) => data && drawnOf(data, 'source'),
    },
    {
      colId: 'destination',
      headerName: words.columns.destination,
      initialWidth: 129,
      cellRenderer: DestinationCell,
      valueGetter: ({ data }) => data && drawnOf(data, 'destination'),
    },
    {
      colId: 'protocol',
      headerName: words.columns.protocol,
      initialWidth: 54,
      cellRenderer: ProtocolCell,
      valueGetter: ({ data }) => data && drawnOf(data, 'protocol'),
    },
    { colId: 'length', headerName: words.columns.length, initialWidth: 44, ...num, valueGetter: ({ data }) => data?.length ?? '' },
    ...fields.map(
      (abbrev, k): ColDef<RowSummary> => ({
        colId: fieldColumn(abbrev),
        headerName: abbrev,
        headerClass: 'mono',
        initialWidth: Math.min(260, Math.max(70, 30 + 6.6 * abbrev.length)),
        valueGetter: ({ data }) => printableLines(data?.fields[k]?.text ?? ''),
      }),
    ),
    {
      colId: 'info',
      headerName: words.columns.info,
      flex: 1,
      minWidth: 160,
      resizable: false,
      cellRenderer: InfoCell,
      valueGetter: ({ data }) => data && drawnOf(data, 'info'),
    },
  ];
}
