import { Menu, type MenuItemConstructorOptions } from 'electron';

/**
 * Only what people expect of any window: editing and zoom. No reload and no close key: either would end a call by a slip of the hand.
 */
export function setMenu(platform: NodeJS.Platform, development: boolean): void {
  const items: MenuItemConstructorOptions[] = [
    ...(platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
    { role: 'editMenu' },
    {
      role: 'viewMenu',
      submenu: [
        { role: 'zoomIn' },
        // Ctrl and the plus key without Shift, as on a Norwegian keyboard's own and on the number pad.
        { role: 'zoomIn', accelerator: 'CommandOrControl+=', visible: false },
        { role: 'zoomOut' },
        { role: 'resetZoom' },
        ...(development ? [{ role: 'toggleDevTools' as const }] : []),
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(items));
}
