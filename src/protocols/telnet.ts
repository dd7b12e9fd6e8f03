/** Telnet (RFC 854, RFC 855): data with commands and options among it. */
import type { Buf, Layer, Node } from '../dissect/dissection.ts';
import { bytes, expert, names, string, uint8, uint16 } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const commands = names({
  236: 'End of File',
  237: 'Suspend Current Process',
  238: 'Abort Process',
  239: 'End of Record',
  240: 'Suboption End',
  241: 'No Operation',
  242: 'Data Mark',
  243: 'Break',
  244: 'Interrupt Process',
  245: 'Abort Output',
  246: 'Are You There?',
  247: 'Escape Character',
  248: 'Erase Line',
  249: 'Go Ahead',
  250: 'Suboption',
  251: 'Will',
  252: "Won't",
  253: 'Do',
  254: "Don't",
});
/** IANA's telnet options. */
const options = names({
  0: 'Binary Transmission',
  1: 'Echo',
  2: 'Reconnection',
  3: 'Suppress Go Ahead',
  4: 'Approx Message Size Negotiation',
  5: 'Status',
  6: 'Timing Mark',
  7: 'Remote Controlled Trans and Echo',
  8: 'Output Line Width',
  9: 'Output Page Size',
  10: 'Output Carriage-Return Disposition',
  11: 'Output Horizontal Tab Stops',
  12: 'Output Horizontal Tab Disposition',
  13: 'Output Formfeed Disposition',
  14: 'Output Vertical Tabstops',
  15: 'Output Vertical Tab Disposition',
  16: 'Output Linefeed Disposition',
  17: 'Extended ASCII',
  18: 'Logout',
  19: 'Byte Macro',
  20: 'Data Entry Terminal',
  21: 'SUPDUP',
  22: 'SUPDUP Output',
  23: 'Send Location',
  24: 'Terminal Type',
  25: 'End of Record',
  26: 'TACACS User Identification',
  27: 'Output Marking',
  28: 'Terminal Location Number',
  29: 'Telnet 3270 Regime',
  30: 'X.3 PAD',
  31: 'Negotiate About Window Size',
  32: 'Terminal Speed',
  33: 'Remote Flow Control',
  34: 'Linemode',
  35: 'X Display Location',
  36: 'Environment Option',
  37: 'Authentication Option',
  38: 'Encryption Option',
  39: 'New Environment Option',
  40: 'TN3270E',
  42: 'CHARSET',
  44: 'COM-PORT-OPTION',
});
const IAC = 255;
const SUBOPTION = 250;
const WINDOW_SIZE = 31;

const f = {
  command: uint8('telnet.cmd', 'Command', { names: commands }),
  option: uint8('telnet.subcmd', 'Subcommand', { names: options }),
  width: uint16('telnet.naws_subopt.width', 'Width'),
  height: uint16('telnet.naws_subopt.height', 'Height'),
  data: string('telnet.data', 'Data'),
  optionData: bytes('telnet.option_data', 'Option data'),
  stringValue: string('telnet.string_subopt.value', 'Value'),
  optionShort: expert('telnet.suboption_length.invalid', 'warn', 'Bogus suboption data'),
};
/** Options whose suboption is "send your value" or "here is my value" (RFC 1091, 779, 1079, 1096). */
const VALUE_OPTIONS = new Set([23, 24, 32, 35]);

/** Where the suboption's data that begins at `at` ends: at an IAC that is not doubled. */
function suboptionEnd(b: Buf, at: number): number {
  let i = at;
  while (i < b.end) {
    if (b.u8(i) !== IAC) i++;
    else if (b.u8(i + 1) === IAC && i + 1 < b.end) i += 2;
    else return i;
  }
  return b.end;
}

function suboption(node: Node, option: number, from: number, end: number): void {
  if (end <= from) return;
  if (option === WINDOW_SIZE && end - from === 4) {
    node.uint(f.width, from);
    node.uint(f.height, from + 2);
  } else if (VALUE_OPTIONS.has(option)) {
    const kind = node.buf.u8(from);
    node.text(from, 1, kind === 0 ? "Here's my " : 'Send your ', options.get(option) ?? '');
    if (kind === 0 && end > from + 1) node.string(f.stringValue, from + 1, end - from - 1);
  } else node.bytes(f.optionData, from, end - from);
  if (option === WINDOW_SIZE && end - from !== 4) node.expert(f.optionShort);
}

/** One command at the IAC at `at`; gives where it ends. */
function command(layer: Layer, b: Buf, at: number): number {
  const code = b.u8(at + 1);
  const name = commands.get(code) ?? `Unknown (${code})`;
  const option = b.u8(at + 2);
  const optionName = options.get(option) ?? `<unknown option ${option}>`;
  if (code === SUBOPTION) {
    const end = suboptionEnd(b, at + 3);
    const node = layer.text(at, end - at, `Suboption ${optionName}`);
    node.uint(f.command, at + 1);
    node.uint(f.option, at + 2);
    suboption(node, option, at + 3, end);
    return Math.max(at + 3, end);
  }
  if (code > SUBOPTION && code < IAC) {
    const node = layer.text(at, 3, `${name} ${optionName}`);
    node.uint(f.command, at + 1);
    node.uint(f.option, at + 2);
    return at + 3;
  }
  layer.text(at, 2, name).uint(f.command, at + 1);
  return at + 2;
}

export const telnet = app({
  name: 'telnet',
  short: 'TELNET',
  title: 'Telnet',
  pdu: 'Data',
  fields: Object.values(f),
  read(layer, b) {
    let count = 0;
    let data = 0;
    for (let at = b.offset; at < b.end && layer.ok && count < 10_000; count++) {
      if (b.u8(at) === IAC && b.u8(at + 1) !== IAC) {
        at = command(layer, b, at);
        continue;
      }
      // Data up to the next command, a line at a time.
      let end = at;
      while (end < b.end) {
        const c = b.u8(end);
        if (c === IAC && b.u8(end + 1) !== IAC) break;
        if (c === IAC) end++;
        end++;
        if (c === 10 || (c === 13 && b.u8(end) !== 10 && b.u8(end) !== 0)) break;
        if (c === 13 && b.u8(end) === 0 && end < b.end) {
          end++;
          break;
        }
      }
      end = Math.min(end, b.end);
      layer.add(f.data, at, end - at, b.text(at, end - at));
      data += end - at;
      at = end;
    }
    return data > 0 ? `${data} byte${data === 1 ? '' : 's'} data` : 'Telnet Data ...';
  },
});
