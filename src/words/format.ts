import { languageNow } from './language.ts';

/** Numbers, sizes and times as the window shows them. English grouping in both languages; sentences take three significant digits, lists all there are. */

const grouping = new Intl.NumberFormat('en-US');

/** `1,841,204`. */
export function count(value: number): string {
  return grouping.format(Math.max(0, Math.round(value)));
}

/** Three significant digits with at most two decimals: `1.84`, `61.2`, `724`. */
export function three(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2;
  return digits === 0 ? value.toFixed(0) : value.toFixed(digits).replace(/\.?0+$/, '');
}

/** Counts in narrow places: exact under 10,000, then `61 k`, `1.43 M`. */
export function shortCount(value: number): string {
  if (value < 10_000) return count(value);
  if (value < 999_500) return `${Math.round(value / 1000)} k`;
  if (value < 999_500_000) return `${three(value / 1e6)} M`;
  return `${three(value / 1e9)} G`;
}

const SIZE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

function sizeUnit(value: number): number {
  let unit = 0;
  let rest = value;
  while (rest >= 999.5 && unit < SIZE_UNITS.length - 1) {
    rest /= 1000;
    unit++;
  }
  return unit;
}

/** Decimal sizes: `140 kB`, `2.04 GB`. */
export function size(bytes: number): string {
  const unit = sizeUnit(bytes);
  return `${unit === 0 ? count(bytes) : three(bytes / 1000 ** unit)} ${SIZE_UNITS[unit]}`;
}

/** `1.21 of 2.04 GB`: both in the unit of the second. */
export function sizeOf(part: number, whole: number): string {
  const unit = sizeUnit(whole);
  const scale = 1000 ** unit;
  if (languageNow() === 'ko') return `${size(whole)} 중 ${unit === 0 ? count(part) : three(part / scale)} ${SIZE_UNITS[unit]}`;
  return unit === 0 ? `${count(part)} of ${count(whole)} B` : `${three(part / scale)} of ${three(whole / scale)} ${SIZE_UNITS[unit]}`;
}

/** `1.3 MB/s`, `quiet` for nothing. */
export function byteRate(bytesPerSecond: number): string {
  return bytesPerSecond <= 0 ? (languageNow() === 'ko' ? '조용함' : 'quiet') : `${size(bytesPerSecond)}/s`;
}

const RATE_UNITS = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s'] as const;

/** Bits per second: `4.3 kbit/s`, `1.21 Gbit/s`. */
export function rateText(bitsPerSecond: number): string {
  let unit = 0;
  let rest = bitsPerSecond;
  while (rest >= 999.5 && unit < RATE_UNITS.length - 1) {
    rest /= 1000;
    unit++;
  }
  return `${three(rest)} ${RATE_UNITS[unit]}`;
}

/** Share of a whole in percent, one decimal unless it is whole: `64.7%`. */
export function percent(part: number, whole: number): string {
  if (whole <= 0) return '0%';
  const value = (part / whole) * 100;
  if (part > 0 && value < 0.1) return '<0.1%';
  return `${value.toFixed(1).replace(/\.0$/, '')}%`;
}

const NANO = 1_000_000_000n;

/** Epoch seconds with a decimal fraction (as messages carry them) to nanoseconds; null if it is no such number. */
export function nanoseconds(epochSeconds: string): bigint | null {
  const match = /^(-?)(\d+)(?:\.(\d{1,9})\d*)?$/.exec(epochSeconds);
  if (!match) return null;
  const whole = BigInt(match[2] ?? '0') * NANO + BigInt((match[3] ?? '').padEnd(9, '0') || '0');
  return match[1] ? -whole : whole;
}

/** Time of day in UTC: `09:41:07.118`. */
export function clockUtc(epochSeconds: string, decimals: number): string {
  const at = nanoseconds(epochSeconds);
  if (at === null) return epochSeconds;
  const day = 86_400n * NANO;
  const inDay = ((at % day) + day) % day;
  const seconds = Number(inDay / NANO);
  const fraction = (inDay % NANO).toString().padStart(9, '0').slice(0, decimals);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((n) => String(n).padStart(2, '0')).join(':');
  return decimals > 0 ? `${clock}.${fraction}` : clock;
}

/** Date in UTC: `2026-03-12`. */
export function dateUtc(epochSeconds: string): string {
  const at = nanoseconds(epochSeconds);
  if (at === null) return '';
  // Rounded down, as the clock beside it: before 1970 too.
  const date = new Date(Number((at - (((at % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n));
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}

/** Two times of day in UTC, with their dates where these differ: `09:41:07.118 – 09:41:12.572`. */
export function clocksUtc(first: string, last: string, decimals: number): string {
  const days = dateUtc(first) !== dateUtc(last);
  return [first, last].map((time) => `${days ? `${dateUtc(time)} ` : ''}${clockUtc(time, decimals)}`).join(' – ');
}

/** Length of time between two epoch decimals: `130 µs`, `5.454 s`, `12 min 4 s`, `3 h 20 min`. */
export function between(first: string, last: string): string {
  const a = nanoseconds(first);
  const b = nanoseconds(last);
  if (a === null || b === null) return '';
  return seconds(Number(b - a) / 1e9);
}

/** `130 µs`, `7.1 ms`, `5.454 s`, `12 min 4 s`, `3 h 20 min`, `2 d 4 h`. */
export function seconds(value: number): string {
  const s = Math.max(0, value);
  if (s > 0 && s < 0.0009995) return `${three(s * 1e6)} µs`;
  if (s > 0 && s < 0.09995) return `${three(s * 1e3)} ms`;
  if (s < 60) return `${s.toFixed(3)} s`;
  const whole = Math.round(s);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor(whole / 60) % 60} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor(whole / 3600) % 24} h`;
}

/** Time left, rounded so that it does not jump: `1 s`, `45 s`, `3 min`. */
export function timeLeft(value: number): string {
  if (value < 90) return `${Math.max(1, Math.ceil(value))} s`;
  return `${Math.ceil(value / 60)} min`;
}

/** Stopwatch: `00:01:42`. */
export function stopwatch(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  return [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60].map((n) => String(n).padStart(2, '0')).join(':');
}

/** A scan's time: `3 ms`, `1.2 s`. */
export function scanTime(ms: number): string {
  if (ms < 1) return '<1 ms';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${three(ms / 1000)} s`;
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** When something happened, in local time: `today 09:52`, `yesterday 17:40`, `9 March`, `9 March 2024`. */
export function moment(epochMs: number, now: number): string {
  const then = new Date(epochMs);
  const today = new Date(now);
  const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime();
  const time = `${String(then.getHours()).padStart(2, '0')}:${String(then.getMinutes()).padStart(2, '0')}`;
  if (languageNow() === 'ko') {
    if (epochMs >= midnight) return `오늘 ${time}`;
    if (epochMs >= midnight - 86_400_000) return `어제 ${time}`;
    const day = `${then.getMonth() + 1}월 ${then.getDate()}일`;
    return then.getFullYear() === today.getFullYear() ? day : `${then.getFullYear()}년 ${day}`;
  }
  if (epochMs >= midnight) return `today ${time}`;
  if (epochMs >= midnight - 86_400_000) return `yesterday ${time}`;
  const day = `${then.getDate()} ${MONTHS[then.getMonth()]}`;
  return then.getFullYear() === today.getFullYear() ? day : `${day} ${then.getFullYear()}`;
}

/** `412 µs`, `41.2 ms`, `1.91 s`, `3 min 12 s`, `5 h 2 min`, `3 d 4 h`: three significant digits, or two units. Where a clock went back, with a minus. */
export function lasting(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 0.0009995) return `${three(seconds * 1e6)} µs`;
  if (size < 0.9995) return `${three(seconds * 1e3)} ms`;
  if (size < 119.5) return `${three(seconds)} s`;
  const sign = seconds < 0 ? '-' : '';
  const units = (large: number, many: string, small: number, few: string): string => {
    const rest = Math.floor((size % large) / small);
    return `${sign}${count(Math.floor(size / large))} ${many}${rest === 0 && small > 1 ? '' : ` ${rest} ${few}`}`;
  };
  if (size < 7200) return units(60, 'min', 1, 's');
  return size < 172_800 ? units(3600, 'h', 60, 'min') : units(86_400, 'd', 3600, 'h');
}
