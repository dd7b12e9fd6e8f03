import { describe, expect, it } from 'vitest';
import type { FromCapture, ProbeResult } from '../../src/capture/messages.ts';
import { AbilityProbe, libraryAdvice, permissionAdvice } from '../../src/host/ability.ts';
import type { Child } from '../../src/host/child.ts';

/** A capture process that only answers the probe. */
function probing(result: ProbeResult | 'dies'): () => Child {
  return () => {
    const messages: ((message: unknown) => void)[] = [];
    const exits: ((reason: string) => void)[] = [];
    return {
      pid: 1,
      send: () =>
        queueMicrotask(() => {
          if (result === 'dies') for (const listener of exits) listener('SIGSEGV');
          else for (const listener of messages) listener({ kind: 'probed', result } satisfies FromCapture);
        }),
      onMessage: (listener) => messages.push(listener),
      onExit: (listener) => exits.push(listener),
      complaints: () => '',
      kill: () => {},
    };
  };
}

describe('the ability to capture', () => {
  it('is there when the library loads and the user may', async () => {
    const ability = await new AbilityProbe(
      probing({ loaded: true, backend: 'cap 0.2.1, libpcap 1.10.3', interfaces: [], permitted: true }),
      'node',
    ).get(false);
    expect(ability).toMatchObject({ available: true, backend: 'cap 0.2.1, libpcap 1.10.3', failure: null });
  });

  it('lists interfaces even without the right, with the commands that give it', async () => {
    const ability = await new AbilityProbe(probing({ loaded: true, backend: 'cap 0.2.1', interfaces: [], permitted: false }), 'node').get(
      false,
    );
    expect(ability.available).toBe(false);
    expect(ability.failure).toMatchObject({ code: 'permission' });
    expect(ability.interfaces.some((one) => one.loopback)).toBe(true);
  });

  it('names the reason when the library is missing, and survives one that kills its process', async () => {
    const missing = await new AbilityProbe(
      probing({ loaded: false, reason: 'no-library', message: 'libpcap.so.0.8: cannot open' }),
      'node',
    ).get(false);
    expect(missing.failure).toMatchObject({ code: 'unavailable' });
    expect(missing.failure?.message).toContain('libpcap is not installed');
    expect(missing.failure?.commands?.length).toBeGreaterThan(0);
    const crashed = await new AbilityProbe(probing('dies'), 'node').get(false);
    expect(crashed.available).toBe(false);
    expect(crashed.failure?.message).toContain('SIGSEGV');
  });

  it('asks again only when told to', async () => {
    let asked = 0;
    const start = probing({ loaded: true, backend: 'cap', interfaces: [], permitted: true });
    const ability = new AbilityProbe(() => {
      asked += 1;
      return start();
    }, 'node');
    await ability.get(false);
    await ability.get(false);
    expect(asked).toBe(1);
    await ability.get(true);
    expect(asked).toBe(2);
  });
});

describe('the commands', () => {
  it('fit the system', () => {
    const command = (release: string): string | undefined =>
      libraryAdvice('linux', release, 'npm rebuild cap', '/opt/sevenfold').commands[0];
    expect(command('ID=debian\n')).toBe('sudo apt install libpcap-dev build-essential python3 && cd /opt/sevenfold && npm rebuild cap');
    expect(command('ID=linuxmint\nID_LIKE="ubuntu debian"\n')).toContain('sudo apt install libpcap-dev');
    expect(command('ID="rocky"\nID_LIKE="rhel centos fedora"\n')).toContain('sudo dnf install libpcap-devel');
    expect(command('ID=arch\n')).toContain('pacman');
    expect(command('ID=alpine\n')).toContain('apk add libpcap-dev');
    expect(command('ID="opensuse-leap"\nID_LIKE="suse opensuse"\n')).toContain('zypper');
    expect(command('ID=plan9\n')).toBe('cd /opt/sevenfold && npm rebuild cap');
  });

  it('quote a folder that a shell would take apart', () => {
    expect(libraryAdvice('linux', '', 'npm rebuild cap', "/home/o'neil/my apps").commands[0]).toBe(
      "cd '/home/o'\\''neil/my apps' && npm rebuild cap",
    );
  });

  it('put the safest way to the right first', () => {
    const { commands } = permissionAdvice('linux');
    expect(commands[0]).toContain('node-capture');
    expect(commands[0]).toContain('-m 700');
    expect(commands[1]).toMatch(/^sudo setcap cap_net_raw,cap_net_admin\+eip "\$\(readlink/);
  });
});
