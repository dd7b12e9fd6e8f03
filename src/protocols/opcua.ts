/** OpcUa Binary Protocol: named, with its leading fields. */
import { uint32 } from '../dissect/field.ts';
import { bounded, le32, lengthFramer, plain } from './app-kit.ts';

export const opcua = plain({
  name: 'opcua',
  short: 'OpcUa',
  title: 'OpcUa Binary Protocol',
  framer: lengthFramer(8, (h) => bounded(le32(h, 4))),
  leads: [{ field: uint32('opcua.transport.size', 'Message Size'), offset: 4, little: true }],
});
