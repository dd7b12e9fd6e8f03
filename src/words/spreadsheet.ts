/**
 * A text for the cell of a table that a spreadsheet may open: what it would take for a formula, which may send other cells elsewhere, gets an
 * apostrophe in front, the spreadsheets' own sign for a text. Not for numbers: a minus sign would make texts of them.
 */
export function spreadsheetText(text: string): string {
  // The second four: full-width forms, which some take for the first.
  return /^[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]/.test(text) ? `'${text}` : text;
}
