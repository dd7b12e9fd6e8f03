#!/usr/bin/env node
// Compares the declarations of all fields with those that tshark registers: type, label, base, mask, unit, words of values.
//
//   node test/conformance/declarations.mjs [--only REGEX] [--aspects type,label,base,mask,unit,bool,words] [--list]
//
// Needs tshark, no capture. --only: fields whose name matches. --list: each difference, not only their numbers. A field that tshark registers
// several times, with different labels or types, agrees with any of them.

import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { load } from '../../scripts/build/load.mjs';

const ASPECTS = ['unknown', 'type', 'label', 'base', 'mask', 'bool', 'words'];
const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, aspects: { type: 'string', default: ASPECTS.join() }, list: { type: 'boolean' } },
});
const only = new RegExp(values.only);
const aspects = new Set(values.aspects.split(','));

const ask = async (what) =>
  (await promisify(execFile)('tshark', ['-G', what], { maxBuffer: 1 << 30 })).stdout.split('\n').map((line) => line.split('\t'));
const registered = new Map();
for (const [kind, label, name, type, , base, mask] of await ask('fields')) {
  if (kind !== 'F') continue;
  const list = registered.get(name) ?? [];
  list.push({ label, type, base, mask });
  registered.set(name, list);
}
const words = new Map();
for (const [kind, name, first, second, third] of await ask('values')) {
  if (kind === undefined || name === undefined) continue;
  const entry = words.get(name) ?? { kind, list: [], bool: null };
  if (kind === 'T') entry.bool = [first, second];
  else if (kind === 'V') entry.list.push([Number(first), Number(first), second]);
  else if (kind === 'R') entry.list.push([Number(first), Number(second), third]);
  words.set(name, entry);
}

const TYPES = { abstime: 'ABSOLUTE_TIME', reltime: 'RELATIVE_TIME', bool: 'BOOLEAN', string: 'STRING', ipv4: 'IPv4', ipv6: 'IPv6' };
const SAME_TYPES = [
  ['STRING', 'STRINGZ', 'UINT_STRING', 'STRINGZPAD', 'STRINGZTRUNC'],
  ['BYTES', 'UINT_BYTES'],
  ['OID', 'REL_OID'],
  ['IPv4', 'IPV4'],
  ['IPv6', 'IPV6'],
];
const BASES = { dec: 'BASE_DEC', hex: 'BASE_HEX', oct: 'BASE_OCT', dec_hex: 'BASE_DEC_HEX', hex_dec: 'BASE_HEX_DEC', none: 'BASE_NONE' };
const typeFits = (ours, theirs) => {
  const name = TYPES[ours] ?? ours.toUpperCase();
  return `FT_${name}` === theirs || SAME_TYPES.some((set) => set.includes(name) && set.includes(theirs.slice(3)));
};

const { everyDeclaration, nameOf } = await load('test/conformance/our-declarations.ts');
const counts = Object.fromEntries(ASPECTS.map((aspect) => [aspect, 0]));
let total = 0;
const seen = new Set();
function differ(aspect, protocol, name, a, b) {
  counts[aspect]++;
  if (values.list && aspects.has(aspect)) console.log(`${aspect}\t${protocol}\t${name}\t${a}\t${b}`);
}
for (const { protocol, field } of everyDeclaration()) {
  if (!only.test(field.abbrev) || field.abbrev === '') continue;
  const key = `${field.abbrev} ${field.label} ${field.type} ${field.mask}`;
  if (seen.has(key)) continue;
  seen.add(key);
  total++;
  const list = registered.get(field.abbrev);
  if (list === undefined) {
    differ('unknown', protocol, field.abbrev, 'nothing', field.label);
    continue;
  }
  const said = (pick) => list.map(pick).join(' / ');
  if (!list.some((each) => typeFits(field.type, each.type)))
    differ(
      'type',
      protocol,
      field.abbrev,
      said((each) => each.type),
      field.type,
    );
  if (!list.some((each) => each.label === field.label))
    differ(
      'label',
      protocol,
      field.abbrev,
      said((each) => each.label),
      field.label,
    );
  if (/^u?int/.test(field.type)) {
    const bases = list.map((each) => each.base.split('|')[0]);
    if (!bases.includes(BASES[field.base ?? 'dec'])) differ('base', protocol, field.abbrev, bases.join(' / '), field.base ?? 'dec');
  }
  if (!list.some((each) => Number(each.mask) === (field.mask ?? 0)))
    differ(
      'mask',
      protocol,
      field.abbrev,
      said((each) => each.mask),
      `0x${(field.mask ?? 0).toString(16)}`,
    );
  const known = words.get(field.abbrev);
  if (field.type === 'bool') {
    const bool = known?.bool ?? ['True', 'False'];
    const ours = field.bool ?? ['Set', 'Not set'];
    if (bool.join('\t') !== ours.join('\t')) differ('bool', protocol, field.abbrev, bool.join(' | '), ours.join(' | '));
  } else if (known !== undefined && known.bool === null && /^u?int/.test(field.type)) {
    const wrong = [];
    const values = new Map();
    for (const [from, , word] of known.list) values.set(from, [...(values.get(from) ?? []), word]);
    for (const [value, any] of values) {
      const ours = nameOf(field, value);
      if (!any.includes(ours)) wrong.push(`${value}: ${any[0]} | ${ours}`);
    }
    if (wrong.length > 0) differ('words', protocol, field.abbrev, `${wrong.length} of ${known.list.length}`, wrong.slice(0, 3).join('; '));
  }
}
console.log(`${total} declarations; differ: ${ASPECTS.map((aspect) => `${aspect} ${counts[aspect]}`).join(', ')}`);
