import { describe, expect, it } from 'vitest';
import { fieldsOf } from './network-packets.ts';
import { overTcp, survivesCuts } from './talk.ts';

const OPEN = '<?xml version="1.0"?><stream:stream to="example.org" xmlns="jabber:client" version="1.0">';
const STARTTLS = '<starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"/>';
const HELLO = '\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00';

describe('XMPP', () => {
  it('shows the stream that is opened, to whom, and its XML', () => {
    const t = overTcp(5222, ['>', OPEN]);
    expect(t.stacks).toEqual(['xmpp:xml']);
    expect(t.at(0).columns.info).toBe('STREAM > example.org');
    expect(t.at(0).columns.protocol).toBe('XMPP');
    expect(fieldsOf(t.at(0), 'xmpp.xml_header_version', 'xmpp.xmlns', 'xmpp.out', 'xmpp.to', 'xml.tag')).toMatchObject({
      'xmpp.xml_header_version': '1.0',
      'xmpp.xmlns': 'jabber:client',
      'xmpp.out': '1',
    });
    // Wireshark knows no other attribute of a stream than its name spaces.
    expect(fieldsOf(t.at(0), 'xmpp.to')).toEqual({ 'xmpp.to': '' });
  });

  it('names each stanza with its addresses, and not what is within it', () => {
    const t = overTcp(5222, ['<', '<iq type="result" id="7" from="a@b"><query><iq/></query></iq><presence/>']);
    expect(t.at(0).columns.info).toBe('IQ(result) < a@b | PRESENCE');
    expect(fieldsOf(t.at(0), 'xmpp.id', 'xmpp.type', 'xmpp.from')).toEqual({ 'xmpp.id': '7', 'xmpp.type': 'result', 'xmpp.from': 'a@b' });
  });

  it('puts segments together up to one that ends with a tag', () => {
    const t = overTcp(5222, ['>', '<message to="a@b"><body>hel'], ['>', 'lo</body></message>\r\n']);
    expect(t.stacks).toEqual(['', 'xmpp:xml']);
    expect(t.at(1).columns.info).toBe('MESSAGE > a@b');
  });

  it('leaves the connection to TLS after STARTTLS', () => {
    const t = overTcp(5222, ['>', STARTTLS], ['<', '<proceed/>'], ['>', HELLO]);
    expect(t.stacks).toEqual(['xmpp:xml', 'xmpp:xml', 'tls']);
  });

  it('stands being cut anywhere, and what is no XML', () => {
    survivesCuts(5222, [['>', `${OPEN}${STARTTLS}<!-- x --></stream:stream>`]]);
    survivesCuts(5222, [['>', '<<>></></stream:stream><a b="c\'>']]);
    expect(overTcp(5222, ['>', '\x00\x01\x02>']).stacks).toEqual(['xmpp:xml']);
  });
});
