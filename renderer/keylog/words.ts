/** Words of the key log, with which TLS is decrypted. */
import { count } from '../format.ts';
import { spoken, type Wording } from '../language.ts';
import { ko } from './words.ko.ts';

const connections = (n: number): string => (n === 1 ? '1 connection' : `${count(n)} connections`);
const lines = (n: number): string => (n === 1 ? '1 line' : `${count(n)} lines`);

const en = {
  about: 'A key log has the secrets of TLS connections. Browsers, curl and other programs write it where the variable SSLKEYLOGFILE says.',
  choose: 'Choose a key log…',
  drop: 'or drop it on the window',
  path: 'or its path on this computer, which is kept',
  pathHint: '/home/me/keys.log',
  use: 'Use',
  remove: 'Use no key log',
  given: (n: number) => `secrets of ${connections(n)}`,
  grows: 'read on while it grows',
  none: 'No key log is chosen.',
  inside: (n: number) => `The capture file has the secrets of ${connections(n)} inside.`,
  damaged: (n: number) => `${lines(n)} cannot be read.`,
  unknown: (n: number) => `${lines(n)} with a label that is not known.`,
  dropped: (n: number) => `${lines(n)} too many for the memory set aside: left out.`,
  outcome: (decrypted: number, encrypted: number) =>
    encrypted === 0
      ? `${connections(decrypted)} decrypted.`
      : `${connections(decrypted)} decrypted, ${count(encrypted)} not: each says why under “What happened”.`,
  settingsFailed: 'The key log of the settings cannot be read.',
  close: 'Close',
  chip: 'Key log',
} as const;

/** What every language has to say. */
export type Words = Wording<typeof en>;

/** The words of the language in force. */
export let words: Words = en;
spoken<typeof en>(en, ko, (chosen) => {
  words = chosen;
});
