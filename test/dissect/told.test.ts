import { expect, test } from 'vitest';
import { Dissection } from '../../src/dissect/dissection.ts';
import { Told } from '../../src/dissect/told.ts';
import { TestCapture } from '../protocols/app-fixtures.ts';

test('what a protocol tells another holds for the call, in that dissection alone, and what held before holds again', () => {
  const capture = new TestCapture();
  const row = capture.row();
  const d = new Dissection(capture, row);
  const other = new Dissection(capture, row);
  const type = new Told<string>('none');
  const seen: string[] = [];
  type.during(d, 'outer', () => {
    type.during(d, 'inner', () => seen.push(type.in(d), type.in(other)));
    seen.push(type.in(d));
    expect(() =>
      type.during(d, 'bad', () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    seen.push(type.in(d));
  });
  expect([...seen, type.in(d)]).toEqual(['inner', 'none', 'outer', 'outer', 'none']);
});
