/** How AG Grid draws the tables of the views: colours are the tokens'. */
import { themeQuartz } from 'ag-grid-community';

const tableTheme = themeQuartz.withParams({
  accentColor: 'var(--ink)',
  backgroundColor: 'var(--bg)',
  foregroundColor: 'var(--text)',
  borderColor: 'var(--line)',
  borderRadius: 0,
  wrapperBorderRadius: 0,
  wrapperBorder: false,
  browserColorScheme: 'inherit',
  cellHorizontalPadding: 6,
  cellTextColor: 'var(--text)',
  columnBorder: false,
  dataFontSize: 11.5,
  fontFamily: 'var(--font-ui)',
  fontSize: 11.5,
  headerBackgroundColor: 'var(--chrome)',
  headerColumnBorder: { color: 'var(--line)' },
  headerFontSize: 11,
  headerFontWeight: 540,
  headerHeight: 25,
  headerRowBorder: { color: 'var(--line)' },
  headerTextColor: 'var(--text-2)',
  headerCellHoverBackgroundColor: 'var(--hover)',
  iconSize: 12,
  oddRowBackgroundColor: 'var(--zebra)',
  rangeSelectionBorderColor: 'transparent',
  rowBorder: false,
  rowHeight: 22,
  rowHoverColor: 'var(--hover)',
  selectedRowBackgroundColor: 'var(--sel-idle)',
  spacing: 4,
});

/** What the tables of the views have in common: rows come in blocks from the engine, one order at a time, columns stay where they are. */
export const tableOptions = {
  theme: tableTheme,
  rowModelType: 'infinite',
  cacheBlockSize: 100,
  maxBlocksInCache: 20,
  infiniteInitialRowCount: 1,
  suppressMovableColumns: true,
  animateRows: false,
  suppressColumnMoveAnimation: true,
  suppressNoRowsOverlay: true,
  ensureDomOrder: true,
  // Tab leaves the table; the arrow keys move in it.
  tabToNextCell: () => false,
} as const;
