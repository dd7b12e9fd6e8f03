import { describe, expect, it } from 'vitest';
import {
  between,
  byteRate,
  clocksUtc,
  clockUtc,
  count,
  moment,
  nanoseconds,
  percent,
  scanTime,
  seconds,
  shortCount,
  size,
  sizeOf,
  span,
  stopwatch,
  three,
  timeLeft,
} from '../../renderer/format.ts';

describe('numbers', () => {
  it('are grouped by thousands', () => {
    expect(count(1_841_204)).toBe('1,841,204');
    expect(count(0)).toBe('0');
  });

  it('are shortened from ten thousand on', () => {
    expect(shortCount(9999)).toBe('9,999');
    expect(shortCount(61_204)).toBe('61 k');
    expect(shortCount(999_499)).toBe('999 k');
    expect(shortCount(999_500)).toBe('1 M');
    expect(shortCount(1_430_000)).toBe('1.43 M');
  });

  it('have three significant digits in sentences', () => {
    expect(three(724.4)).toBe('724');
    expect(three(61.25)).toBe('61.3');
    expect(three(1.3)).toBe('1.3');
    expect(three(2)).toBe('2');
    expect(three(100)).toBe('100');
  });

  it('say percentages with one decimal at most, and never round something down to nothing', () => {
    expect(percent(154, 238)).toBe('64.7%');
    expect(percent(238, 238)).toBe('100%');
    expect(percent(0, 238)).toBe('0%');
    expect(percent(1, 10_000_000)).toBe('<0.1%');
    expect(percent(0, 0)).toBe('0%');
  });
});

describe('sizes', () => {
  it('use decimal units', () => {
    expect(size(709)).toBe('709 B');
    expect(size(140_000)).toBe('140 kB');
    expect(size(2_040_000_000)).toBe('2.04 GB');
    expect(size(999_600)).toBe('1 MB');
  });

  it('show a part in the unit of the whole', () => {
    expect(sizeOf(1_210_000_000, 2_040_000_000)).toBe('1.21 of 2.04 GB');
    expect(sizeOf(12, 709)).toBe('12 of 709 B');
  });

  it('call an interface without traffic quiet', () => {
    expect(byteRate(0)).toBe('quiet');
    expect(byteRate(1_300_000)).toBe('1.3 MB/s');
  });
});

describe('times', () => {
  it('keep all nine digits of an epoch decimal', () => {
    expect(nanoseconds('1773308467.118000001')).toBe(1_773_308_467_118_000_001n);
    expect(nanoseconds('12')).toBe(12_000_000_000n);
    expect(nanoseconds('-1.5')).toBe(-1_500_000_000n);
    expect(nanoseconds('yesterday')).toBeNull();
  });

  it('show the UTC time of day cut to the digits asked for, not rounded', () => {
    expect(clockUtc('1773308467.118999999', 3)).toBe('09:41:07.118');
    expect(clockUtc('86399.999999999', 6)).toBe('23:59:59.999999');
    expect(clockUtc('-1.000000000', 0)).toBe('23:59:59');
  });

  it('have the date with them where two are of different days', () => {
    expect(clocksUtc('1773308467.118000000', '1773308472.572000000', 3)).toBe('09:41:07.118 – 09:41:12.572');
    expect(clocksUtc('-631152000.000000000', '-337392000.000000000', 0)).toBe('1950-01-01 00:00:00 – 1959-04-24 00:00:00');
    expect(clocksUtc('-0.000000001', '0.000000000', 3)).toBe('1969-12-31 23:59:59.999 – 1970-01-01 00:00:00.000');
  });

  it('keep their width as spans, however long they are', () => {
    expect([0, 0.000064, 0.0412, 1.9123, 999.9994].map(span)).toEqual(['0 µs', '64 µs', '41.2 ms', '1.912 s', '999.999 s']);
    expect([999.9996, 2000, 86_400, 99_999.96, 120_960_000].map(span)).toEqual(['1000.0 s', '2000.0 s', '86400.0 s', '1.2 d', '1400.0 d']);
    expect(span(-2000)).toBe('-2000.0 s');
  });

  it('measure the span between two epoch decimals', () => {
    expect(between('1773308467.118000000', '1773308472.572000000')).toBe('5.454 s');
    expect(seconds(724)).toBe('12 min 4 s');
    expect(between('1773308467.118', '1773308467.118')).toBe('0.000 s');
    expect(between('1773308467.118000000', '1773308467.118130000')).toBe('130 µs');
    expect(between('1773308467.118000000', '1773308467.118000300')).toBe('0.3 µs');
    expect(seconds(0.0071)).toBe('7.1 ms');
    expect(seconds(0.0999)).toBe('99.9 ms');
    expect(seconds(0.1)).toBe('0.100 s');
    expect(seconds(59.9999)).toBe('60.000 s');
    expect(seconds(12_000)).toBe('3 h 20 min');
    expect(seconds(187_200)).toBe('2 d 4 h');
  });

  it('round what is left up', () => {
    expect(timeLeft(0.2)).toBe('1 s');
    expect(timeLeft(91)).toBe('2 min');
  });

  it('show stopwatch and scan times', () => {
    expect(stopwatch(102_400)).toBe('00:01:42');
    expect(scanTime(0.4)).toBe('<1 ms');
    expect(scanTime(3.2)).toBe('3 ms');
    expect(scanTime(1912)).toBe('1.91 s');
  });

  it('name today and yesterday by the local day, older days by date', () => {
    const now = new Date(2026, 2, 12, 10, 0).getTime();
    expect(moment(new Date(2026, 2, 12, 9, 52).getTime(), now)).toBe('today 09:52');
    expect(moment(new Date(2026, 2, 11, 17, 40).getTime(), now)).toBe('yesterday 17:40');
    expect(moment(new Date(2026, 2, 9, 8, 0).getTime(), now)).toBe('9 March');
    expect(moment(new Date(2024, 2, 9, 8, 0).getTime(), now)).toBe('9 March 2024');
  });
});
