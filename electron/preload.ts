/**
 * Runs in each window before its page, isolated from it. Gives the page three named functions and its engine port: no channel of its own
 * choosing, no Node, no Electron.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { type Answer, type DesktopBridge, type HostEvents, PORT_MESSAGE } from '../src/messages.ts';
import { channels } from './channels.ts';

const bridge: DesktopBridge = {
  host: (name, args) => ipcRenderer.invoke(channels.host, name, args) as Promise<Answer<unknown>>,
  onHostEvent: (listener) => {
    const heard = (_: unknown, name: keyof HostEvents, value: unknown): void => listener(name, value);
    ipcRenderer.on(channels.event, heard);
    return () => ipcRenderer.off(channels.event, heard);
  },
  pathOf: (file) => webUtils.getPathForFile(file),
};

contextBridge.exposeInMainWorld('sevenfold', bridge);

// A port cannot go over the bridge; it is posted into the page.
ipcRenderer.on(channels.port, (event) => window.postMessage(PORT_MESSAGE, window.location.origin, event.ports));
// By then the page's script runs and listens.
window.addEventListener('load', () => ipcRenderer.send(channels.portPlease));
