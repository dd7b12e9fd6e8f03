/** XML, as tags with their attributes and text: enough to read it, without entities or validation. */

import type { Node } from '../dissect/dissection.ts';
import * as fields from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';

const { string } = fields;

const f = {
  pi: string('xml.xmlpi', 'XMLPI'),
  cdataSection: string('xml.cdatasection', 'CDATASection'),
  comment: string('xml.comment', 'Comment'),
  attribute: string('xml.attribute', 'Attribute'),
  doctype: string('xml.doctype', 'Doctype'),
  cdata: string('xml.cdata', 'CDATA'),
  tag: string('xml.tag', 'Tag'),
};

/** Tags deeper than this are shown flat. */
const MAX_DEPTH = 64;
const latin1 = new TextDecoder('latin1');

export const xml: Protocol = defineProtocol({
  name: 'xml',
  short: 'XML',
  title: 'eXtensible Markup Language',
  osi: '6',
  pdu: 'Body',
  hue: 'app',
  fields: Object.values(f),
  dissect(d, b) {
    const layer = d.layer(xml, b);
    // One character per byte, so that places in the text are places in the bytes.
    const text = latin1.decode(b.slice(b.offset, b.length));
    const open: Node[] = [];
    let at = 0;
    const add = (field: fields.FieldDef, from: number, to: number): Node =>
      (open.at(-1) ?? layer).add(field, b.offset + from, to - from, b.text(b.offset + from, to - from));
    const until = (mark: string, from: number): number => {
      const found = text.indexOf(mark, from);
      return found < 0 ? text.length : found + mark.length;
    };
    while (at < text.length && d.room()) {
      if (text[at] !== '<') {
        const next = text.indexOf('<', at);
        const end = next < 0 ? text.length : next;
        if (/\S/.test(text.slice(at, end))) add(f.cdata, at, end);
        at = end;
        continue;
      }
      let end: number;
      if (text.startsWith('<!--', at)) {
        end = until('-->', at);
        add(f.comment, at, end);
      } else if (text.startsWith('<![CDATA[', at)) {
        end = until(']]>', at);
        add(f.cdataSection, at, end);
      } else if (text.startsWith('<?', at)) {
        end = until('?>', at);
        add(f.pi, at, end);
      } else if (text.startsWith('<!', at)) {
        end = until('>', at);
        add(f.doctype, at, end);
      } else if (text.startsWith('</', at)) {
        end = until('>', at);
        open.pop();
      } else {
        end = until('>', at);
        const tag = add(f.tag, at, end);
        const body = text.slice(at, Math.min(end, at + 16384));
        for (const match of body.matchAll(/([^\s=<>"']{1,200})=("[^"]*"|'[^']*')/g)) {
          tag.add(f.attribute, b.offset + at + match.index, match[0].length, match[0]);
        }
        if (text[end - 2] !== '/' && open.length < MAX_DEPTH) open.push(tag);
      }
      at = end;
    }
  },
});
