import { describe, expect, it } from 'vitest';
import { distribute, layOutNesting, MIN_HEADER } from '../../../renderer/inspector/nesting.ts';
import { httpPacket, layer } from './nodes.ts';

/** Px of a name in capitals, about. */
const measure = (text: string): number => text.length * 7;
const bar = (layers = httpPacket(), wireLength = 504, capturedLength = wireLength, width = 486) =>
  layOutNesting({ layers, wireLength, capturedLength, width, measure });

describe('nesting bar', () => {
  it('draws each layer inside the one below, never the frame itself', () => {
    const { boxes } = bar();
    expect(boxes.map((box) => box.layer)).toEqual([1, 2, 3, 4]);
    for (let i = 1; i < boxes.length; i++) {
      const outer = boxes[i - 1]!;
      const inner = boxes[i]!;
      expect(inner.left).toBeGreaterThanOrEqual(outer.left + outer.head);
      expect(inner.left + inner.width).toBeLessThan(outer.left + outer.width);
      expect(inner.top).toBeGreaterThan(outer.top);
      expect(inner.height).toBe(58 - 2 * inner.top);
    }
  });

  it('keeps every header at its least width and says that it is wider than scale', () => {
    const nesting = bar();
    for (const box of nesting.boxes.filter((one) => !one.leaf)) expect(box.head).toBeGreaterThanOrEqual(MIN_HEADER);
    expect(nesting.widened).toBe(true);
  });

  it('draws headers to scale where they have room', () => {
    const nesting = bar([layer('frame', 0, 0, 100), layer('ip', 0, 40, 100), layer('udp', 40, 30, 60)], 100, 100, 1000);
    expect(nesting.boxes[0]!.head).toBeCloseTo(400);
    expect(nesting.boxes[1]!.head).toBeCloseTo(300);
    expect(nesting.widened).toBe(false);
  });

  it('marks offsets where boxes begin and leaves out those that would collide', () => {
    expect(bar().ticks.map((tick) => tick.offset)).toEqual([0, 14, 34, 66]);
    const tight = bar(httpPacket(), 504, 504, 120).ticks;
    for (let i = 1; i < tight.length; i++) expect(tight[i]!.left - tight[i - 1]!.left).toBeGreaterThanOrEqual(26);
  });

  it('hatches what was not captured and leaves the boxes around it open', () => {
    const nesting = bar(httpPacket(), 1514, 504);
    expect(nesting.boxes.every((box) => box.open)).toBe(true);
    const inner = nesting.boxes.at(-1)!;
    expect(nesting.missing).not.toBeNull();
    expect(nesting.missing!.left).toBeCloseTo(inner.left + inner.head);
    expect(nesting.missing!.left + nesting.missing!.width).toBeCloseTo(inner.left + inner.width);
    expect(inner.left + inner.width).toBeCloseTo(486);
  });

  it('nests a tunnel further, with smaller steps so that text still fits', () => {
    const layers = [layer('frame', 0, 0, 200)];
    for (let i = 0; i < 9; i++) layers.push(layer(`l${i}`, i * 16, 16, 200 - i * 16));
    const { boxes } = bar(layers, 200);
    expect(boxes).toHaveLength(9);
    expect(boxes.at(-1)!.height).toBeGreaterThanOrEqual(26);
    expect(boxes.at(-1)!.left + boxes.at(-1)!.width).toBeLessThanOrEqual(486);
    for (const box of boxes) expect(box.width).toBeGreaterThan(0);
  });

  it('has room for the names of many layers in an inspector of its usual width', () => {
    const names = ['Ethernet', 'VLAN', 'IPv4', 'GRE', 'IPv4', 'UDP', 'VXLAN', 'Ethernet', 'IPv4', 'TCP', 'HTTP'];
    const headers = [14, 4, 20, 4, 20, 8, 8, 14, 20, 20, 162];
    const layers = [layer('frame', 0, 0, 294)];
    let at = 0;
    names.forEach((short, i) => {
      layers.push(layer(`l${i}`, at, headers[i]!, 294 - at, { short }));
      at += headers[i]!;
    });
    const nesting = bar(layers, 294);
    expect(nesting.tight).toBe(true);
    nesting.boxes.forEach((box, i) => {
      expect(box.head).toBeGreaterThanOrEqual(Math.min(measure(names[i]!), 50) + 8);
      expect(box.left + box.head).toBeLessThanOrEqual(486);
    });
    expect(bar().tight).toBe(false);
  });

  it('puts messages that follow each other side by side and counts those without room', () => {
    const layers = [layer('frame', 0, 0, 1000), layer('tcp', 0, 20, 1000)];
    for (let i = 0; i < 9; i++) layers.push(layer(`tls${i}`, 20 + i * 100, 100, 100));
    const nesting = bar(layers, 1000);
    const messages = nesting.boxes.slice(1);
    expect(messages).toHaveLength(6);
    expect(nesting.omitted).toBe(3);
    for (let i = 1; i < messages.length; i++) {
      expect(messages[i]!.left).toBeCloseTo(messages[i - 1]!.left + messages[i - 1]!.width);
    }
  });

  it('shows a layer of reassembled bytes inside the layer that carried the last piece', () => {
    const layers = [...httpPacket().slice(0, 4), layer('http', 0, 2173, 2173, { source: 1, hue: 'app' })];
    const { boxes, ticks } = bar(layers);
    expect(boxes.at(-1)!.elsewhere).toBe(true);
    expect(boxes.at(-1)!.left).toBeGreaterThan(boxes.at(-2)!.left);
    expect(ticks.map((tick) => tick.offset)).toEqual([0, 14, 34]);
  });

  it('has no boxes for a packet without layers', () => {
    expect(bar([layer('frame', 0, 0, 0)], 0).boxes).toEqual([]);
  });
});

describe('distribute', () => {
  it('shares by bytes', () => {
    expect(
      distribute(100, [
        { bytes: 1, min: 0 },
        { bytes: 3, min: 0 },
      ]),
    ).toEqual([25, 75]);
  });
  it('gives the small ones their least width and the rest to the others', () => {
    expect(
      distribute(100, [
        { bytes: 1, min: 20 },
        { bytes: 99, min: 20 },
      ]),
    ).toEqual([20, 80]);
  });
  it('always uses all of the room, also when the minimums do not fit', () => {
    const parts = [
      { bytes: 5, min: 80 },
      { bytes: 1, min: 40 },
    ];
    expect(distribute(60, parts).reduce((a, b) => a + b, 0)).toBeCloseTo(60);
    expect(
      distribute(60, [
        { bytes: 0, min: 0 },
        { bytes: 0, min: 0 },
      ]).every((w) => Number.isFinite(w)),
    ).toBe(true);
  });
});
