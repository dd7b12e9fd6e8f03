/** What was chosen in a view is still chosen when the view comes back: after another tab, and in another language. */
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { describeInBrowser, type OpenedApp, openApp } from './browser.ts';

const FIXTURE = path.join(import.meta.dirname, '..', 'fixtures', 'http.pcap');

let app: OpenedApp | null = null;
afterEach(async () => {
  await app?.close();
  app = null;
});

describeInBrowser('Choices in the views', () => {
  it('stay when another tab was looked at, and when the language changes', async () => {
    app = await openApp(FIXTURE);
    const { page } = app;
    const part = (id: string) => page.getByTestId(id);
    const chosen = async (id: string): Promise<string> => part(id).locator('[aria-checked="true"]').innerText();

    await part('tab-statistics').click();
    await part('stat-section').getByRole('radio').nth(3).click();
    await part('stat-lengths').waitFor();
    await part('tab-connections').click();
    await part('graph-kind').getByRole('radio').nth(1).click();
    await part('tab-streams').click();
    await part('stream-form').getByRole('radio').nth(1).click();

    await part('tab-statistics').click();
    await part('stat-lengths').waitFor();
    await part('language-button').click();
    await part('language-button').click();
    await expect.poll(() => part('tab-statistics').innerText()).toBe('통계');
    await part('stat-lengths').waitFor();
    await expect.poll(() => chosen('stat-section')).toBe('패킷 길이');
    await part('tab-connections').click();
    await expect.poll(() => chosen('graph-kind')).toBe('RTT');
    await part('tab-streams').click();
    await expect.poll(() => chosen('stream-form')).toBe('Hex 덤프');
    expect(app.consoleErrors).toEqual([]);
  });

  it('leaves the keyboard where the language was chosen', async () => {
    app = await openApp(FIXTURE);
    const { page } = app;
    await page.getByTestId('language-button').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('tab-statistics').innerText()).toBe('통계');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('language-button');
  });
});
