import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, expect, it } from 'vitest';
import { CaptureView } from '../../../renderer/inspector/CaptureView.tsx';
import { speak } from '../../../renderer/language.ts';
import type { CaptureState } from '../../../src/messages.ts';

afterEach(() => speak('en'));

const iface = { name: 'eth0', description: null, linkType: 1, linkTypeName: 'Ethernet', packets: 2, dropped: null };
const capture: CaptureState = {
  capture: 1,
  path: '/home/me/trace.pcapng',
  name: 'trace.pcapng',
  phase: 'done',
  live: false,
  format: 'pcapng',
  compression: 'none',
  packets: 2,
  bytes: 1234,
  connections: 0,
  udpStreams: 0,
  exchanges: 0,
  bytesRead: 2000,
  fileBytes: 2000,
  elapsedMs: 1,
  firstTime: '1773308467.118000000',
  lastTime: '1773308472.572000000',
  interfaces: [iface],
  comments: [],
  damage: null,
  timePrecision: 6,
  notes: [],
  change: null,
};
/** What a reader sees: the text without its tags. */
const shown = (of: CaptureState): string =>
  renderToStaticMarkup(createElement(CaptureView, { capture: of }))
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

it('says where the capture is, how much it holds, when it was made and what its interface dropped', () => {
  const text = shown(capture);
  for (const part of [
    '/home/me/trace.pcapng',
    'pcapng, 2 kB',
    '2 with 1,234 bytes',
    '2026-03-12 09:41:07.118',
    '5.454 s',
    'eth0, Ethernet',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toContain('drops not recorded');
  expect(text).not.toContain('Left out');
  expect(text).not.toContain('Comment');
});

it('tells several interfaces apart, and says what each of them dropped', () => {
  const text = shown({
    ...capture,
    interfaces: [
      { ...iface, dropped: 0 },
      { ...iface, name: 'wlan0', packets: 1, dropped: 7 },
    ],
  });
  expect(text).toContain('Interface 0');
  expect(text).toContain('none dropped');
  expect(text).toContain('wlan0, Ethernet, packets: 1');
  expect(text).toContain('dropped at the capture: 7');
});

it('shows comments of the file as they are, and what was left out of the index, in the language of the window', () => {
  const notes = ['3 packets could not be dissected because of an error in Sevenfold.'];
  const full = { ...capture, comments: ['made by\n<b>someone</b>'], notes };
  expect(shown(full)).toContain(notes[0]);
  expect(renderToStaticMarkup(createElement(CaptureView, { capture: full }))).toContain('&lt;b&gt;someone');
  speak('ko');
  expect(shown(full)).toContain('패킷 3개를 해석하지 못했습니다.');
});
