/** The Chromium that shows the served editor and the panels under test. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** `CHROMIUM_EXECUTABLE`, or where distributions put it; null when there is none. */
export function findChromium(): string | null {
  const named = process.env.CHROMIUM_EXECUTABLE;
  if (named) return existsSync(named) ? named : null;
  return places.find((place) => existsSync(place)) ?? null;
}

/** A headless Chromium that calls nobody. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('Chromium was not found: apt-get install -y chromium');
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      // Containers run as root without user namespaces; pages come from the loopback interface only.
      '--no-sandbox',
      ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}
