/** The door between windows and the main process: every message is checked for its sender, its shape and its size. */
import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent } from 'electron';
import { checkHostArgs, MESSAGE_LIMIT } from '../src/host/schemas.ts';
import type { Answer, HostRequestName } from '../src/messages.ts';
import { channels } from './channels.ts';
import { isOwnPage } from './security.ts';

/** A window as the door sees it. */
export interface Receiver {
  /** The name and arguments have been checked. */
  handle(name: HostRequestName, args: unknown): Promise<Answer<unknown>>;
  /** The page wants its engine port. */
  sendPort(): void;
}

/** Finds the window of a sender by the number of its web contents; null: not one of ours. */
export type FindReceiver = (contentsId: number) => Receiver | null;

const REFUSED: Answer<unknown> = { ok: false, failure: { code: 'permission', message: 'This page may not ask for that.' } };

export function listen(ipc: Pick<IpcMain, 'handle' | 'on'>, find: FindReceiver): void {
  ipc.handle(channels.host, async (event, name: unknown, args: unknown) => {
    const receiver = receiverOf(event, find);
    if (receiver === null) return REFUSED;
    if (!isSmall(args)) return { ok: false, failure: { code: 'invalid', message: 'The request is too large.' } };
    const checked = checkHostArgs(name, args);
    return checked.ok ? receiver.handle(checked.value.name, checked.value.args) : checked;
  });
  ipc.on(channels.portPlease, (event) => receiverOf(event, find)?.sendPort());
}

/** Only the top frame of one of our windows, and only while it shows our page. */
function receiverOf(event: IpcMainInvokeEvent | IpcMainEvent, find: FindReceiver): Receiver | null {
  const frame = event.senderFrame;
  if (frame === null || frame.parent !== null || !isOwnPage(frame.url)) return null;
  return find(event.sender.id);
}

function isSmall(args: unknown): boolean {
  try {
    return (JSON.stringify(args) ?? '').length <= MESSAGE_LIMIT;
  } catch {
    // Circular, or with bigints: no request of ours.
    return false;
  }
}
