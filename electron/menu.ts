/** The application menu. */
import type { MenuItemConstructorOptions } from 'electron';
import type { HostEvents } from '../src/messages.ts';

export interface MenuActions {
  /** Tells the window in front. */
  command(command: HostEvents['command']): void;
  newWindow(): void;
  about(): void;
}

/** `platform` decides where things stand: on macOS the first menu is the application's. */
export function menuTemplate(platform: NodeJS.Platform, actions: MenuActions, development: boolean): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const item = (label: string, accelerator: string, command: HostEvents['command']): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => actions.command(command),
  });
  const about: MenuItemConstructorOptions = { label: 'About Sevenfold', click: actions.about };
  const first: MenuItemConstructorOptions[] = mac
    ? [
        {
          label: 'Sevenfold',
          submenu: [
            about,
            { type: 'separator' },
            { role: 'services' },
            { type: 'separator' },
            { role: 'hide' },
            { role: 'hideOthers' },
            { type: 'separator' },
            { role: 'quit' },
          ],
        },
      ]
    : [];
  return [
    ...first,
    {
      label: 'File',
      submenu: [
        { label: 'New window', accelerator: 'CmdOrCtrl+N', click: actions.newWindow },
        item('Open…', 'CmdOrCtrl+O', 'open'),
        item('Save as…', 'CmdOrCtrl+S', 'save'),
        { type: 'separator' },
        item('Close capture', 'CmdOrCtrl+W', 'close'),
        ...(mac ? [] : ([{ type: 'separator' }, { role: 'quit' }] satisfies MenuItemConstructorOptions[])),
      ],
    },
    {
      label: 'Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        { type: 'separator' },
        item('Filter', 'CmdOrCtrl+F', 'find'),
      ],
    },
    { label: 'Capture', submenu: [item('Start or stop', 'CmdOrCtrl+E', 'toggle-capture')] },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(development
          ? ([{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }] satisfies MenuItemConstructorOptions[])
          : []),
      ],
    },
    { role: 'windowMenu' },
    ...(mac ? [] : [{ label: 'Help', submenu: [about] }]),
  ];
}
