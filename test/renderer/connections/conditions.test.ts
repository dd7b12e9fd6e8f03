import { afterEach, expect, it } from 'vitest';
import { conditionOf, OUTCOMES } from '../../../renderer/connections/conditions.ts';
import { speak } from '../../../renderer/language.ts';
import { outcomeOf } from '../../../src/connections/connections.ts';

afterEach(() => speak('en'));

it('reads ranges as they are typed, in the unit of the column', () => {
  expect(conditionOf('packets', 'count', '12')).toEqual({ column: 'packets', least: 12, most: 12 });
  expect(conditionOf('packets', 'count', '>= 1,000')).toEqual({ column: 'packets', least: 1000 });
  expect(conditionOf('sent', 'count', '5k-10k')).toEqual({ column: 'sent', least: 5000, most: 10_000 });
  expect(conditionOf('handshakeRttMs', 'ms', '40')).toEqual({ column: 'handshakeRttMs', least: 40 });
  expect(conditionOf('handshakeRttMs', 'ms', '≤ 1.5 s')).toEqual({ column: 'handshakeRttMs', most: 1500 });
  expect(conditionOf('durationMs', 's', '2..3')).toEqual({ column: 'durationMs', least: 2000, most: 3000 });
  expect(conditionOf('startOffset', 'start', '500 ms')).toEqual({ column: 'startOffset', least: 0.5 });
  expect(conditionOf('resentShare', 'share', '5%')).toEqual({ column: 'resentShare', least: 0.05 });
  expect(conditionOf('goodputServer', 'rate', '> 2 Mbit/s')?.least).toBeGreaterThan(2_000_000);
  const under = conditionOf('packets', 'count', '<3')?.most ?? 0;
  expect(under).toBeLessThan(3);
  expect(under).toBeGreaterThan(2.99);
});

it('narrows nothing by what is empty or no number', () => {
  for (const typed of ['', '  ', 'abc', '-', '>', '5 s']) expect(conditionOf('packets', 'count', typed), typed).toBeNull();
  expect(conditionOf('handshakeRttMs', 'ms', '5 %')).toBeNull();
});

it('looks for words as the window says them, in either language', () => {
  expect(conditionOf('outcome', 'words', 'client')?.oneOf).toEqual(['Reset by client', 'Closed by client', 'Half-closed by client']);
  expect(conditionOf('handshake', 'words', 'zzz')?.oneOf).toEqual([]);
  speak('ko');
  expect(conditionOf('outcome', 'words', '거부')?.oneOf).toEqual(['Refused']);
  expect(conditionOf('closedBy', 'words', '서버')?.oneOf).toEqual(['server']);
});

it('knows every outcome that the engine has', () => {
  const handshakes = ['completed', 'simultaneous', 'refused', 'unanswered', 'half-open', 'not-captured'] as const;
  const all = handshakes.flatMap((handshake) =>
    (['none', 'half', 'fin', 'reset'] as const).flatMap((close) =>
      (['client', 'server', 'both'] as const).map((closedBy) => outcomeOf({ handshake, close, closedBy }).outcome),
    ),
  );
  expect([...new Set(all)].sort()).toEqual([...OUTCOMES].sort());
});
