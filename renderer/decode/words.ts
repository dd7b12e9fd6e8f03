/** Words of "decode as". Names of tables and protocols are never translated. */
import { spoken, type Wording } from '../language.ts';
import { ko } from './words.ko.ts';

const en = {
  title: 'Decode as',
  about: 'Packets with this value are taken for the protocol that you choose. The capture is read anew.',
  table: 'Field',
  value: 'Value',
  valueHint: 'number or range: 8888, 5000-5010, 0x88b5',
  protocol: 'Protocol',
  protocolHint: 'name or title',
  add: 'Decode',
  remove: (choice: string) => `Remove ${choice}`,
  removeAll: 'Remove all',
  none: 'Nothing is chosen: every port means what it usually does.',
  chosen: 'Chosen',
  noProtocol: 'no protocol has this in its name',
  close: 'Close',
  failed: 'The choice was not taken.',
  chip: (n: number) => (n === 1 ? '1 choice' : `${n} choices`),
  chipTitle: 'Some packets are taken for the protocol that you chose',
} as const;

/** What every language has to say. */
export type Words = Wording<typeof en>;

/** The words of the language in force. */
export let words: Words = en;
spoken<typeof en>(en, ko, (chosen) => {
  words = chosen;
});
