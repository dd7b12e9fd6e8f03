/** `sevenfold interfaces`: what can be captured on. */
import { AbilityProbe } from '../host/ability.ts';
import { startNodeCapture } from '../host/node-services.ts';
import { jsonText } from '../words/printable.ts';
import { complain } from './complain.ts';

/** Exit status: 0 capture is possible, 1 it is not (the interfaces are listed all the same, and why not is on stderr). */
export async function runInterfaces(args: { readonly json: boolean }): Promise<number> {
  const ability = await new AbilityProbe(startNodeCapture, 'node').get(true, false);
  if (args.json) {
    process.stdout.write(`${jsonText(ability, 2)}\n`);
  } else {
    const width = Math.max(0, ...ability.interfaces.map((one) => one.name.length));
    for (const one of ability.interfaces) {
      const words = [one.up ? '' : 'down', one.loopback ? 'loopback' : '', one.description ?? '', ...one.addresses].filter(
        (word) => word !== '',
      );
      process.stdout.write(`${one.name.padEnd(width)}  ${words.join('  ')}`.trimEnd());
      process.stdout.write('\n');
    }
  }
  if (!args.json) {
    // What a script reads from stdout is the interfaces alone.
    if (ability.reason !== null) process.stderr.write(`Back end: ${ability.reason}\n`);
    for (const { name, version, usable, about, lack } of ability.backends) {
      process.stderr.write(`  ${name.padEnd(8)} ${usable ? `${version ?? name}. ${about}` : `${lack ?? 'cannot be used'}.`}\n`);
    }
  }
  if (ability.failure !== null) complain(ability.failure);
  return ability.available ? 0 : 1;
}
