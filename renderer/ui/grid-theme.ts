/** How AG Grid draws here, the list of packets as well as the tables: in the window's tokens, without colours, sizes or lines of its own. */
import { themeQuartz } from 'ag-grid-community';
import { ROW_PX } from '../store/growth.ts';

export const gridTheme = themeQuartz.withParams({
  backgroundColor: 'var(--bg)',
  foregroundColor: 'var(--text)',
  browserColorScheme: 'inherit',
  borderColor: 'var(--line)',
  wrapperBorder: false,
  wrapperBorderRadius: 0,
  rowBorder: false,
  columnBorder: false,
  cellHorizontalPadding: 6,
  fontFamily: 'var(--font-ui)',
  fontSize: 11.5,
  headerFontSize: 11,
  headerFontWeight: 540,
  headerBackgroundColor: 'var(--chrome)',
  headerTextColor: 'var(--text-2)',
  headerRowBorder: { color: 'var(--line)' },
  oddRowBackgroundColor: 'var(--zebra)',
  rowHeight: ROW_PX,
  rowHoverColor: 'var(--hover)',
});
