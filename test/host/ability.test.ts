import { describe, expect, it } from 'vitest';
import type { FromCapture, ProbeResult } from '../../src/capture/messages.ts';
import { AbilityProbe, libraryAdvice } from '../../src/host/ability.ts';
import type { Child } from '../../src/host/child.ts';
import { permissionAdvice, type Surroundings } from '../../src/host/permission.ts';

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

const noDumpcap = { found: false, reason: 'missing', message: 'dumpcap is not in PATH' } as const;
const cap = (permitted: boolean) => ({ found: true, version: 'cap 0.2.1, libpcap 1.10.3', permitted, path: null }) as const;
const dumpcap = (permitted: boolean) => ({ found: true, version: 'dumpcap 4.0.17', permitted, path: '/usr/bin/dumpcap' }) as const;
const none = async () => ({ backend: noDumpcap, interfaces: null });

function abilityOf(
  found: Pick<ProbeResult, 'cap' | 'dumpcap'> | 'dies',
  lookup: ConstructorParameters<typeof AbilityProbe>[2] = none,
  watched = true,
) {
  const result = found === 'dies' ? found : { ...found, interfaces: [], runtime: '/usr/bin/node' };
  return new AbilityProbe(probing(result), 'node', lookup).get(false, watched);
}

describe('the ability to capture', () => {
  it('asks dumpcap by itself only where the capture process has not told of it', async () => {
    let asked = 0;
    const lookup = async () => {
      asked++;
      return none();
    };
    const exits: ((reason: string) => void)[] = [];
    const start = (): Child => ({
      ...probing({ cap: cap(true), dumpcap: dumpcap(true), interfaces: [], runtime: '/usr/bin/node' })(),
      onExit: (listener) => exits.push(listener),
      kill: () => {
        for (const listener of exits) listener('SIGKILL');
      },
    });
    expect((await new AbilityProbe(start, 'node', lookup).get(false)).available).toBe(true);
    expect(asked).toBe(0);
  });

  it('is there when one back end may capture, and says which one is taken and why', async () => {
    expect(await abilityOf({ cap: cap(true), dumpcap: noDumpcap })).toMatchObject({
      available: true,
      backend: 'cap 0.2.1, libpcap 1.10.3',
      reason: 'cap, because dumpcap is not installed.',
      failure: null,
    });
    expect(await abilityOf({ cap: cap(true), dumpcap: dumpcap(false) })).toMatchObject({
      backend: 'cap 0.2.1, libpcap 1.10.3',
      reason: 'cap, because dumpcap may not open network interfaces.',
    });
    expect(await abilityOf({ cap: cap(false), dumpcap: dumpcap(true) })).toMatchObject({
      available: true,
      backend: 'dumpcap 4.0.17',
      reason: 'dumpcap, because cap may not open network interfaces.',
      failure: null,
    });
  });

  it('takes what shows packets at once for a list, dumpcap for a file, and tells of each what it does', async () => {
    const both = { cap: cap(true), dumpcap: dumpcap(true) };
    expect((await abilityOf(both, none, false)).reason).toBe('dumpcap, because the kernel stamps its packets and it counts drops.');
    const ability = await abilityOf(both);
    expect(ability).toMatchObject({ backend: 'cap 0.2.1, libpcap 1.10.3' });
    expect(ability.reason).toMatch(/^cap, because its packets show at once\./);
    expect(ability.backends.map(({ name, usable, lack }) => ({ name, usable, lack }))).toEqual([
      { name: 'dumpcap', usable: true, lack: null },
      { name: 'cap', usable: true, lack: null },
    ]);
    for (const each of ability.backends) expect(each.about).toMatch(/drops/i);
  });

  it('lists interfaces even without the right, with the commands that give it', async () => {
    const ability = await abilityOf({ cap: cap(false), dumpcap: noDumpcap });
    expect(ability.available).toBe(false);
    expect(ability.failure).toMatchObject({ code: 'permission' });
    expect(ability.failure?.commands?.length).toBeGreaterThan(0);
    expect(ability.interfaces.some((one) => one.loopback)).toBe(true);
  });

  it('names the reason when the library is missing, and survives one that kills its process', async () => {
    const missing = await abilityOf({
      cap: { found: false, reason: 'no-library', message: 'libpcap.so.0.8: cannot open' },
      dumpcap: noDumpcap,
    });
    expect(missing.failure).toMatchObject({ code: 'unavailable' });
    expect(missing.failure?.message).toContain('libpcap is not installed');
    expect(missing.failure?.commands?.length).toBeGreaterThan(0);
    const crashed = await abilityOf('dies');
    expect(crashed.available).toBe(false);
    expect(crashed.failure?.message).toContain('SIGSEGV');
  });

  it('is there with dumpcap even when the library kills its process', async () => {
    const crashed = await abilityOf('dies', async () => ({ backend: dumpcap(true), interfaces: null }));
    expect(crashed).toMatchObject({ available: true, backend: 'dumpcap 4.0.17' });
    expect(crashed.backends[1]?.lack).toContain('SIGSEGV');
  });

  it('asks again only when told to', async () => {
    let asked = 0;
    const start = probing({ cap: cap(true), dumpcap: noDumpcap, interfaces: [], runtime: '/usr/bin/node' });
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

  const here: Surroundings = {
    node: '/opt/node 22/bin/node',
    copy: '/home/ann/.local/share/sevenfold/node-capture',
    dumpcap: null,
    dumpcapGroup: null,
    debian: false,
    user: 'ann',
    sudo: true,
    pkexec: false,
  };

  it('name the real programs of this machine, safest way first', () => {
    expect(permissionAdvice('linux', here).commands).toEqual([
      "install -D -m 700 '/opt/node 22/bin/node' /home/ann/.local/share/sevenfold/node-capture && sudo setcap cap_net_raw,cap_net_admin+eip /home/ann/.local/share/sevenfold/node-capture",
      "sudo setcap cap_net_raw,cap_net_admin+eip '/opt/node 22/bin/node'",
    ]);
  });

  it('each say what they do, in a sentence of their own', () => {
    const machines = [here, { ...here, dumpcap: '/usr/bin/dumpcap' }, { ...here, dumpcap: '/usr/bin/dumpcap', dumpcapGroup: 'wireshark' }];
    const all = [
      ...machines.map((each) => permissionAdvice('linux', each)),
      permissionAdvice('darwin', here),
      permissionAdvice('win32', here),
    ];
    for (const { commands, ways } of all) {
      expect(ways).toHaveLength(commands.length);
      for (const way of ways) expect(way).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("begin with dumpcap's group where there is a dumpcap", () => {
    const grouped = permissionAdvice('linux', { ...here, dumpcap: '/usr/bin/dumpcap', dumpcapGroup: 'wireshark' });
    expect(grouped.commands[0]).toBe('sudo usermod -a -G wireshark ann');
    expect(grouped.ways[0]).toContain('Join the group "wireshark"');
    const open = { ...here, dumpcap: '/usr/local/bin/dumpcap' };
    expect(permissionAdvice('linux', open).commands[0]).toBe(
      'sudo groupadd -f wireshark && sudo chgrp wireshark /usr/local/bin/dumpcap && sudo chmod 750 /usr/local/bin/dumpcap && sudo setcap cap_net_raw,cap_net_admin+eip /usr/local/bin/dumpcap && sudo usermod -a -G wireshark ann',
    );
    expect(permissionAdvice('linux', { ...open, debian: true }).commands[0]).toContain(
      'dpkg-reconfigure -f noninteractive wireshark-common',
    );
  });

  it("go through root's own shell where there is neither sudo nor polkit", () => {
    const { commands } = permissionAdvice('linux', { ...here, sudo: false, dumpcap: '/usr/bin/dumpcap', debian: true });
    expect(commands[0]).toBe(
      "su -c 'echo wireshark-common wireshark-common/install-setuid boolean true | debconf-set-selections && dpkg-reconfigure -f noninteractive wireshark-common && usermod -a -G wireshark ann'",
    );
    expect(commands[1]).toMatch(/^install -D -m 700 .* && su -c 'setcap cap_net_raw,cap_net_admin\+eip \/home\/ann\/\S+'$/);
    expect(commands[2]).toContain("su -c 'setcap ");
    expect(commands.some((command) => command.includes('sudo'))).toBe(false);
  });

  it('leave out what does not help the back end that was asked for', () => {
    const both = { ...here, dumpcap: '/usr/bin/dumpcap' };
    expect(permissionAdvice('linux', both, 'dumpcap').commands.every((command) => command.includes('dumpcap'))).toBe(true);
    expect(permissionAdvice('linux', both, 'cap').commands.some((command) => command.includes('dumpcap'))).toBe(false);
    expect(permissionAdvice('linux', both).commands).toHaveLength(3);
  });

  it('go through polkit where there is no sudo, and say so where there are both', () => {
    const { commands } = permissionAdvice('linux', { ...here, sudo: false, pkexec: true });
    expect(commands.every((command) => command.includes('pkexec ') && !command.includes('sudo'))).toBe(true);
    expect(permissionAdvice('linux', { ...here, pkexec: true }).advice).toContain('pkexec');
    expect(permissionAdvice('linux', here).advice).not.toContain('pkexec');
  });
});
