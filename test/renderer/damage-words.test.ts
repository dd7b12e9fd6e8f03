/** What the window says of a file whose end is missing: of a gzip file what the command line says, and offsets by what they count in. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import * as inspector from '../../renderer/inspector/words.ts';
import { speak } from '../../renderer/language.ts';
import * as main from '../../renderer/words.ts';
import { openCapture } from '../../src/file/open.ts';
import type { Damage } from '../../src/messages.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'sevenfold-damage-'));
afterAll(() => {
  speak('en');
  rmSync(folder, { recursive: true });
});
const whole = readFileSync(path.join(import.meta.dirname, '..', 'fixtures', 'http.pcap'));

async function damageOf(bytes: Uint8Array): Promise<Damage> {
  const file = path.join(folder, 'capture');
  writeFileSync(file, bytes);
  const opened = await openCapture(file);
  if (!opened.ok) throw new Error(opened.failure.message);
  const { reader } = opened;
  for (let step = 'more'; step === 'more'; ) step = await reader.step({ packet: () => {} } as never);
  reader.finish();
  await reader.close();
  if (reader.damage === null) throw new Error('whole');
  return reader.damage;
}

describe('damage', () => {
  it('of a cut gzip file is said as the command line says it, with the record in the unpacked data', async () => {
    const damage = await damageOf(gzipSync(whole).subarray(0, 1500));
    speak('en');
    expect(damage.message).toBe('The gzip file is cut short: its compressed data end after 1500 bytes.');
    expect(damage.offset).toBeGreaterThan(1500);
    expect(main.words.damageTitle(damage)).toBe('The file could not be unpacked to its end.');
    expect(main.words.damageFact(damage)).toMatch(
      /^The gzip file is cut short: its compressed data end after 1500 bytes\. The record at byte [\d,]+ \(0x[\da-f]+\) of the unpacked data promises [\d,]+ bytes, [\d,]+ of them were unpacked\.$/,
    );
    expect(main.words.damageRow(damage)).toMatch(/^packet \d+: [\d,]+ of [\d,]+ bytes, the end of what could be unpacked$/);
    expect(inspector.words.damageWhere('7', '1,800', damage.packed !== 'no')).toBe('packet 7, byte 1,800 of the unpacked data');
    speak('ko');
    expect(main.words.damageFact(damage)).toMatch(/^gzip 파일이 잘려 있습니다\. .*압축을 푼 데이터의 바이트 [\d,]+\(0x/);
  });

  it('of a gzip file that lacks its check sum alone is no broken record', async () => {
    const damage = await damageOf(gzipSync(whole).subarray(0, -3));
    speak('en');
    expect(main.words.damageFact(damage)).toBe(damage.message);
    expect(main.words.damageRow(damage)).toMatch(/^packet \d+: the end of what could be unpacked$/);
  });

  it('of a capture that was cut before it was packed, and of one that is not packed, is that of the file', async () => {
    speak('en');
    const inside = await damageOf(gzipSync(whole.subarray(0, -3)));
    expect(main.words.damageTitle(inside)).toMatch(/^The file ends in the middle of packet \d+\.$/);
    expect(main.words.damageFact(inside)).toMatch(/of the unpacked data promises [\d,]+ bytes, the file holds [\d,]+ of them\.$/);
    const plain = await damageOf(whole.subarray(0, -3));
    expect(plain.packed).toBe('no');
    expect(main.words.damageFact(plain)).not.toContain('unpacked');
  });
});
