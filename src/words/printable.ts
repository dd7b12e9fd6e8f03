/** Characters that are not drawn but do something, written out. Here it is decided which they are, for the terminal, the window and pictures. */
import { escapeOf } from '../bytes/escape.ts';

/** What turns the direction of writing, and with it the text beside it (Bidi_Control of Unicode, UAX #9 section 2); for a class of a regular expression. */
const TURNS = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';
/** Control characters but the line feed, the tab and the carriage return. */
const CONTROLS = '\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f';

const OF_A_LINE = new RegExp(`[${CONTROLS}\\t\\n\\r${TURNS}]`, 'g');
const OF_LINES = new RegExp(`[${CONTROLS}${TURNS}]|\\r(?!\\n|$)`, 'g');

/** A text of a packet or a file as one line, with what is not drawn written out as tshark does: nothing obeys it, and no line is forged by it. */
export function printable(text: string): string {
  return text.replace(OF_A_LINE, escapeOf);
}

/** The same of a text whose tabs and ends of lines are meant. */
export function printableLines(text: string): string {
  return text.replace(OF_LINES, escapeOf);
}

/** A text whose tabs and ends of lines are meant, with `sign` for each character that is not drawn. */
export function dotted(text: string, sign: string): string {
  return text.replace(OF_LINES, sign);
}

const OF_JSON = new RegExp(`[\\x7f-\\x9f\\u2028\\u2029${TURNS}]`, 'g');

/**
 * A value as JSON (RFC 8259), with what a terminal, a line reader or a script would act on escaped too: DEL, the C1 control characters, the line
 * separators of Unicode, and what turns the direction of writing. It parses to the same value.
 * @param indent blanks for each level; one line without
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(OF_JSON, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
