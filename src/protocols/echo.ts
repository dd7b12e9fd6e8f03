/** The echo service (RFC 862): what is sent comes back. */
import { bool, bytes, TRUE_FALSE } from '../dissect/field.ts';
import { app } from './app-kit.ts';

const PORT = 7;

const f = {
  data: bytes('echo.data', 'Echo data'),
  request: bool('echo.request', 'Echo request', { bool: TRUE_FALSE }),
  response: bool('echo.response', 'Echo response', { bool: TRUE_FALSE }),
};

/** Wake on LAN begins so, and is sent to this port, too. */
function isMagic(b: Uint8Array, o: number, end: number): boolean {
  for (let i = o; i < o + 6; i++) if (i >= end || b[i] !== 0xff) return false;
  return true;
}

export const echo = app({
  name: 'echo',
  short: 'ECHO',
  title: 'Echo',
  fields: Object.values(f),
  accepts: (b, o, end) => !isMagic(b, o, end),
  read(layer, b, d) {
    const request = d.transport?.dstPort === PORT;
    layer.add(request ? f.request : f.response, b.offset, 0, true, { hidden: true });
    layer.bytes(f.data, b.offset, b.length);
    return request ? 'Request' : 'Response';
  },
});
