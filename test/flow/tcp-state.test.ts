import { describe, expect, test } from 'vitest';
import { connectionRow, outcomeOfStream } from '../../src/connections/connections.ts';
import { C, handshake, S, TestCapture } from './tcp-capture.ts';

function row(capture: TestCapture, stream = 0) {
  return connectionRow(capture, stream);
}

describe('states of both ends', () => {
  test('a completed handshake establishes both ends', () => {
    const capture = new TestCapture();
    handshake(capture);
    expect(row(capture)).toMatchObject({
      client: '10.0.0.1:50000',
      server: '10.0.0.2:9999',
      handshake: 'completed',
      clientState: 'ESTABLISHED',
      serverState: 'ESTABLISHED',
      close: 'none',
      closedBy: null,
      handshakeRttMs: 11,
    });
  });

  test('a SYN without answer leaves the client in SYN-SENT and proves nothing of the server', () => {
    const capture = new TestCapture();
    capture.add({ at: 0, seq: C, flags: 'S' });
    capture.add({ at: 1000, seq: C, flags: 'S' });
    capture.add({ at: 3000, seq: C, flags: 'S' });
    expect(row(capture)).toMatchObject({ handshake: 'unanswered', synRetransmissions: 2, clientState: 'SYN-SENT', serverState: null });
    expect(outcomeOfStream(capture, 0).outcome).toBe('No answer');
  });

  test('a RST that answers the SYN refuses the connection', () => {
    const capture = new TestCapture();
    capture.add({ seq: C, flags: 'S' });
    capture.add({ server: true, seq: 0, ack: C + 1, flags: 'RA' });
    expect(row(capture)).toMatchObject({ handshake: 'refused', clientState: 'CLOSED', serverState: 'CLOSED', closedBy: 'server' });
    expect(outcomeOfStream(capture, 0).outcome).toBe('Refused');
  });

  test('a SYN/ACK without the final ACK is half-open', () => {
    const capture = new TestCapture();
    capture.add({ seq: C, flags: 'S' });
    capture.add({ server: true, seq: S, ack: C + 1, flags: 'SA' });
    expect(row(capture)).toMatchObject({ handshake: 'half-open', clientState: 'ESTABLISHED', serverState: 'SYN-RECEIVED' });
  });

  test('the four steps of a close by the server end in CLOSED and TIME-WAIT', () => {
    const capture = new TestCapture();
    handshake(capture);
    capture.add({ server: true, seq: S + 1, ack: C + 1, flags: 'FA' });
    expect(row(capture)).toMatchObject({ clientState: 'CLOSE-WAIT', serverState: 'FIN-WAIT-1', close: 'half', closedBy: 'server' });
    capture.add({ seq: C + 1, ack: S + 2, flags: 'A' });
    expect(row(capture)).toMatchObject({ clientState: 'CLOSE-WAIT', serverState: 'FIN-WAIT-2' });
    capture.add({ seq: C + 1, ack: S + 2, flags: 'FA' });
    expect(row(capture)).toMatchObject({ clientState: 'LAST-ACK', serverState: 'TIME-WAIT', close: 'fin' });
    capture.add({ server: true, seq: S + 2, ack: C + 2, flags: 'A' });
    expect(row(capture)).toMatchObject({ clientState: 'CLOSED', serverState: 'TIME-WAIT', closedBy: 'server' });
  });

  test('a FIN that also acknowledges the other FIN closes in three steps', () => {
    const capture = new TestCapture();
    handshake(capture);
    capture.add({ seq: C + 1, ack: S + 1, flags: 'FA' });
    capture.add({ server: true, seq: S + 1, ack: C + 2, flags: 'FA' });
    expect(row(capture)).toMatchObject({ clientState: 'TIME-WAIT', serverState: 'LAST-ACK' });
    capture.add({ seq: C + 2, ack: S + 2, flags: 'A' });
    expect(row(capture)).toMatchObject({ clientState: 'TIME-WAIT', serverState: 'CLOSED', closedBy: 'client' });
  });

  test('FINs that cross put both ends in CLOSING, and their ACKs in TIME-WAIT', () => {
    const capture = new TestCapture();
    handshake(capture);
    capture.add({ seq: C + 1, ack: S + 1, flags: 'FA' });
    capture.add({ server: true, seq: S + 1, ack: C + 1, flags: 'FA' });
    expect(row(capture)).toMatchObject({ clientState: 'CLOSING', serverState: 'CLOSING', closedBy: 'both' });
    capture.add({ seq: C + 2, ack: S + 2, flags: 'A' });
    capture.add({ server: true, seq: S + 2, ack: C + 2, flags: 'A' });
    expect(row(capture)).toMatchObject({ clientState: 'TIME-WAIT', serverState: 'TIME-WAIT', close: 'fin' });
  });

  test('a reset closes both ends and names who sent it', () => {
    const capture = new TestCapture();
    handshake(capture);
    capture.add({ server: true, seq: S + 1, ack: C + 1, flags: 'RA' });
    expect(row(capture)).toMatchObject({
      clientState: 'CLOSED',
      serverState: 'CLOSED',
      close: 'reset',
      closedBy: 'server',
      handshake: 'completed',
    });
    expect(outcomeOfStream(capture, 0).outcome).toBe('Reset by server');
  });

  test('a RST after both FINs does not turn an orderly close into a reset', () => {
    const capture = new TestCapture();
    handshake(capture);
    capture.add({ seq: C + 1, ack: S + 1, flags: 'FA' });
    capture.add({ server: true, seq: S + 1, ack: C + 2, flags: 'FA' });
    capture.add({ seq: C + 2, flags: 'R' });
    expect(row(capture)).toMatchObject({ close: 'fin', clientState: 'CLOSED', serverState: 'CLOSED' });
  });

  test('SYNs that cross are a simultaneous open', () => {
    const capture = new TestCapture();
    capture.add({ seq: C, flags: 'S' });
    capture.add({ server: true, seq: S, flags: 'S' });
    expect(row(capture)).toMatchObject({ handshake: 'simultaneous', clientState: 'SYN-RECEIVED', serverState: 'SYN-RECEIVED' });
    capture.add({ seq: C, ack: S + 1, flags: 'SA' });
    capture.add({ server: true, seq: S, ack: C + 1, flags: 'SA' });
    expect(row(capture)).toMatchObject({ handshake: 'simultaneous', clientState: 'ESTABLISHED', serverState: 'ESTABLISHED' });
  });

  test('a connection whose start was not captured shows no state until both ends have sent', () => {
    const capture = new TestCapture();
    capture.add({ seq: C, ack: S, flags: 'PA', data: 10 });
    expect(row(capture)).toMatchObject({ handshake: 'not-captured', clientState: null, serverState: null });
    capture.add({ server: true, seq: S, ack: C + 10, flags: 'A' });
    expect(row(capture)).toMatchObject({ clientState: null, serverState: null });
    capture.add({ server: true, seq: S, ack: C + 10, flags: 'PA', data: 5 });
    expect(row(capture)).toMatchObject({ clientState: 'ESTABLISHED', serverState: 'ESTABLISHED' });
  });

  test('without a SYN the side with the higher port is the client, with a SYN/ACK its receiver', () => {
    const a = new TestCapture();
    a.add({ server: true, seq: S, ack: C, flags: 'PA', data: 1 });
    expect(row(a).client).toBe('10.0.0.1:50000');
    const b = new TestCapture();
    b.add({ server: true, seq: S, ack: C + 1, flags: 'SA', serverPort: 60000 });
    expect(row(b).server).toBe('10.0.0.2:60000');
  });

  test('a FIN after a gap is taken only once it is acknowledged', () => {
    const capture = new TestCapture();
    handshake(capture);
    capture.add({ server: true, seq: S + 1, ack: C + 1, flags: 'A', data: 10 });
    capture.add({ server: true, seq: S + 21, ack: C + 1, flags: 'FA' });
    expect(row(capture)).toMatchObject({ serverState: 'FIN-WAIT-1', clientState: 'ESTABLISHED' });
    capture.add({ seq: C + 1, ack: S + 22, flags: 'A' });
    expect(row(capture)).toMatchObject({ serverState: 'FIN-WAIT-2', clientState: 'CLOSE-WAIT' });
  });
});
