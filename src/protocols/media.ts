/** What message bodies hold, by media type: text by lines, forms, pictures; anything else is just named. */

import { data } from '../dissect/data.ts';
import type { Buf, Dissection } from '../dissect/dissection.ts';
import * as fields from '../dissect/field.ts';
import { defineProtocol, type Protocol } from '../dissect/protocol.ts';
import { revocationList } from './crl.ts';
import { BODY, dataTextLines, MAX_ITEMS, mediaType, sayType } from './data-text-lines.ts';
import { dnsMessage } from './dns.ts';
import { ipp } from './ipp.ts';
import { json } from './json.ts';
import { ocspRequest, ocspResponse } from './ocsp.ts';
import { sdp } from './sdp.ts';
import { xml } from './xml.ts';

const { bool, bytes, none, string, uint16, uint32, uint8 } = fields;

const form = {
  key: string('urlencoded-form.key', 'Key'),
  value: string('urlencoded-form.value', 'Value'),
};

/** Percent-encoded text of a form; what is not well encoded stays as it is. */
function formText(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

const urlencodedForm: Protocol = defineProtocol({
  name: 'urlencoded-form',
  short: 'URL-encoded form',
  title: 'HTML Form URL Encoded',
  ...BODY,
  fields: Object.values(form),
  dissect(d, b) {
    const layer = d.layer(urlencodedForm, b);
    sayType(layer);
    let at = b.offset;
    for (let count = 0; at < b.end && count < MAX_ITEMS; count++) {
      let end = b.indexOf(0x26, at);
      if (end < 0) end = b.end;
      let equals = b.indexOf(0x3d, at, end);
      if (equals < 0) equals = end;
      const key = formText(b.text(at, equals - at));
      const value = equals < end ? formText(b.text(equals + 1, end - equals - 1)) : '';
      const item = layer.text(at, end - at, `Form item: "${key}" = "${value}"`);
      item.add(form.key, at, equals - at, key);
      item.add(form.value, Math.min(equals + 1, end), Math.max(0, end - equals - 1), value);
      at = end + 1;
    }
  },
});

const mediaField = bytes('media.type', 'Media type');

const media: Protocol = defineProtocol({
  name: 'media',
  short: 'Media',
  title: 'Media Type',
  ...BODY,
  fields: [mediaField],
  dissect(d, b) {
    const layer = d.layer(media, b);
    sayType(layer);
    if (b.length > 0) layer.bytes(mediaField, b.offset, b.length, { display: `${mediaType.in(d)} (${b.length} bytes)` });
  },
});

const png_ = {
  signature: bytes('png.signature', 'PNG Signature'),
  length: uint32('png.chunk.len', 'Len'),
  type: string('png.chunk.type', 'Chunk'),
  ancillary: bool('png.chunk.flag.ancillary', 'Ancillary', {
    mask: 0x20000000,
    bool: ['This is an ANCILLARY chunk', 'This is a CRITICAL chunk'],
  }),
  private: bool('png.chunk.flag.private', 'Private', { mask: 0x00200000, bool: ['This is a PRIVATE chunk', 'This is a PUBLIC chunk'] }),
  safe: bool('png.chunk.flag.stc', 'Safe To Copy', {
    mask: 0x00000020,
    bool: ['This chunk is SAFE TO COPY', 'This chunk is NOT safe to copy'],
  }),
  data: none('png.chunk.data', 'Data'),
  crc: uint32('png.chunk.crc', 'CRC', { base: 'hex' }),
  width: uint32('png.ihdr.width', 'Width'),
  height: uint32('png.ihdr.height', 'Height'),
  depth: uint8('png.ihdr.bitdepth', 'Bit Depth'),
  colour: uint8('png.ihdr.colour_type', 'Colour Type', {
    names: fields.names({ 0: 'Greyscale', 2: 'Truecolour', 3: 'Indexed-colour', 4: 'Greyscale with alpha', 6: 'Truecolour with alpha' }),
  }),
  compression: uint8('png.ihdr.compression_method', 'Compression Method', { names: fields.names({ 0: 'Deflate' }) }),
  filter: uint8('png.ihdr.filter_method', 'Filter Method', { names: fields.names({ 0: 'Adaptive' }) }),
  interlace: uint8('png.ihdr.interlace_method', 'Interlace Method', { names: fields.names({ 0: 'No interlace', 1: 'Adam7' }) }),
};

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** ISO/IEC 15948. */
const png: Protocol = defineProtocol({
  name: 'png',
  short: 'PNG',
  title: 'Portable Network Graphics',
  ...BODY,
  fields: Object.values(png_),
  dissect(d, b) {
    const layer = d.layer(png, b);
    sayType(layer);
    layer.bytes(png_.signature, b.offset, 8);
    let at = b.offset + 8;
    for (let count = 0; layer.ok && at < b.end && count < MAX_ITEMS; count++) {
      if (!layer.has(at, 8)) return;
      const length = b.u32(at);
      const type = b.text(at + 4, 4);
      const chunk = layer.text(at, Math.min(12 + length, b.end - at), type);
      chunk.uint(png_.length, at);
      chunk.string(png_.type, at + 4, 4);
      for (const flag of [png_.ancillary, png_.private, png_.safe]) chunk.uint(flag, at + 4, 4);
      const body = at + 8;
      if (!layer.has(body, length)) return;
      if (type === 'IHDR' && length >= 13) {
        layer.summary = `${b.u32(body)} × ${b.u32(body + 4)}`;
        chunk.uint(png_.width, body);
        chunk.uint(png_.height, body + 4);
        chunk.uint(png_.depth, body + 8);
        chunk.uint(png_.colour, body + 9);
        chunk.uint(png_.compression, body + 10);
        chunk.uint(png_.filter, body + 11);
        chunk.uint(png_.interlace, body + 12);
      } else if (length > 0) chunk.add(png_.data, body, length, null);
      chunk.uint(png_.crc, body + length);
      at = body + length + 4;
    }
  },
});

const gif = {
  version: string('image-gif.version', 'Version'),
  width: uint16('image-gif.screen.width', 'Screen width'),
  height: uint16('image-gif.screen.height', 'Screen height'),
};

const imageGif: Protocol = defineProtocol({
  name: 'image-gif',
  short: 'image-gif',
  title: 'Compuserve GIF',
  ...BODY,
  fields: Object.values(gif),
  dissect(d, b) {
    const layer = d.layer(imageGif, b);
    layer.string(gif.version, b.offset, 6);
    const width = layer.uintLe(gif.width, b.offset + 6);
    const height = layer.uintLe(gif.height, b.offset + 8);
    layer.summary = `${width} × ${height}`;
  },
});

const jfif = { marker: uint16('image-jfif.marker', 'Marker', { base: 'hex' }), length: uint16('image-jfif.length', 'Length') };

/** The marker segments of a JPEG up to the first scan. */
const imageJfif: Protocol = defineProtocol({
  name: 'image-jfif',
  short: 'JPEG JFIF image',
  title: 'JPEG File Interchange Format',
  ...BODY,
  fields: Object.values(jfif),
  dissect(d, b) {
    const layer = d.layer(imageJfif, b);
    sayType(layer);
    layer.uint(jfif.marker, b.offset);
    let at = b.offset + 2;
    for (let count = 0; layer.ok && at + 4 <= b.end && count < MAX_ITEMS && b.u8(at) === 0xff; count++) {
      const marker = layer.uint(jfif.marker, at);
      const length = layer.uint(jfif.length, at + 2);
      if (marker === 0xffda || length < 2) return;
      at += 2 + length;
    }
  },
});

const part = string('mime_multipart.part', 'Encapsulated multipart part');
const multipartType = string('mime_multipart.type', 'Type');
const firstBoundary = string('mime_multipart.first_boundary', 'First boundary');
const boundary = string('mime_multipart.boundary', 'Boundary');
const lastBoundary = string('mime_multipart.last_boundary', 'Last boundary');
const partHeaders = [
  string('mime_multipart.header.content-disposition', 'Content-Disposition'),
  string('mime_multipart.header.content-id', 'Content-Id'),
  string('mime_multipart.header.content-transfer-encoding', 'Content-Transfer-Encoding'),
  string('mime_multipart.header.content-type', 'Content-Type'),
];

/** Value of a header, '' where there is none; one that goes on in further lines is joined (RFC 5322, section 2.2.3). */
function headerValue(headers: string, name: string): string {
  const found = new RegExp(`^${name}:[ \\t]*([^\\r\\n]*(?:\\r?\\n[ \\t][^\\r\\n]*)*)`, 'im').exec(headers)?.[1] ?? '';
  return found.replace(/\r?\n[ \t]+/g, ' ');
}

/** RFC 2046 section 5.1: each part is given to the protocol of its media type. */
const mimeMultipart: Protocol = defineProtocol({
  name: 'mime_multipart',
  short: 'MIME multipart',
  title: 'MIME Multipart Media Encapsulation',
  ...BODY,
  fields: [multipartType, firstBoundary, boundary, lastBoundary, part, ...partHeaders],
  dissect(d, b) {
    const type = mediaType.in(d);
    const layer = d.layer(mimeMultipart, b);
    layer.summary = type;
    layer.add(multipartType, b.offset, 0, type.split(';')[0] ?? '');
    const match = /boundary="?([^";]{1,200})"?/i.exec(type);
    if (match === null) {
      d.call(data, b);
      return;
    }
    const text = latin1.decode(b.slice(b.offset, b.length));
    const mark = `--${match[1]}`;
    let at = text.indexOf(mark);
    if (at < 0) d.call(data, b);
    // The end of the line before a boundary is the boundary's (RFC 2046, section 5.1.1).
    let before = at;
    for (let count = 0; at >= 0 && count < 1000; count++) {
      let start = text.indexOf('\n', at);
      const last = text.startsWith('--', at + mark.length);
      const lineEnd = start < 0 ? text.length : start + 1;
      const field = last ? lastBoundary : count === 0 ? firstBoundary : boundary;
      layer.add(field, b.offset + before, lineEnd - before, text.slice(before, lineEnd));
      if (start < 0 || last) return;
      start++;
      const next = text.indexOf(`\n${mark}`, start - 1);
      const end = next < 0 ? text.length : next > start && text[next - 1] === '\r' ? next - 1 : next;
      const head = /\r?\n\r?\n/.exec(text.slice(start, Math.min(end, start + 65536)));
      const headers = head === null ? '' : text.slice(start, start + head.index);
      const bodyAt = head === null ? start : start + head.index + head[0].length;
      const partType = headerValue(headers, 'content-type');
      const node = layer.add(part, b.offset + start, Math.max(0, end - start), '', {
        display: `(${partType.split(';')[0]?.trim() ?? ''})`,
      });
      for (const line of headers.matchAll(/^([a-z-]+):[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n)?/gim)) {
        const field = partHeaders.find(({ label }) => label.toLowerCase() === line[1]?.toLowerCase());
        const value = field === undefined ? '' : headerValue(line[0], line[1] as string);
        // As Wireshark has it, without the blanks between the parameters.
        if (field !== undefined && value !== '')
          node.add(field, b.offset + start + line.index, line[0].length, value.replace(/;[ \t]+/g, ';'), { label: line[1] as string });
      }
      if (end > bodyAt) callMedia(d, b.from(b.offset + bodyAt, b.offset + end), partType);
      if (next < 0) return;
      at = next + 1;
      before = end;
    }
  },
});

const latin1 = new TextDecoder('latin1');

const byType = new Map<string, Protocol>(
  Object.entries({
    'application/json': json,
    'application/json-rpc': json,
    'application/jsonrequest': json,
    'application/problem+json': json,
    'application/manifest+json': json,
    'application/x-www-form-urlencoded': urlencodedForm,
    'application/x-javascript': dataTextLines,
    'application/x-wms-logplaystats': dataTextLines,
    'application/x-wms-logconnectstats': dataTextLines,
    'application/x-wms-sendevent': dataTextLines,
    'application/vnd.drm.message': dataTextLines,
    'application/vnd.poc.refer-to': dataTextLines,
    'text/css': dataTextLines,
    'text/enriched': dataTextLines,
    'text/html': dataTextLines,
    'text/javascript': dataTextLines,
    'text/parameters': dataTextLines,
    'text/plain': dataTextLines,
    'text/richtext': dataTextLines,
    'text/vnd.sun.j2me.app-descriptor': dataTextLines,
    'application/x-ns-proxy-autoconfig': dataTextLines,
    'application/octet-stream': data,
    'application/xml': xml,
    'text/xml': xml,
    'application/soap+xml': xml,
    'application/xhtml+xml': xml,
    'application/rss+xml': xml,
    'application/atom+xml': xml,
    'image/svg+xml': xml,
    'image/png': png,
    'image/gif': imageGif,
    'image/jpg': imageJfif,
    'image/jpeg': imageJfif,
    // RFC 8484
    'application/dns-message': dnsMessage,
    'application/pkix-crl': revocationList,
    'application/ocsp-request': ocspRequest,
    'application/ocsp-response': ocspResponse,
    'application/ipp': ipp,
    'application/sdp': sdp,
  }),
);

/** The protocol for a body of the media type; `media` for those that none knows, undefined without a type. */
function mediaProtocol(type: string, b: Buf): Protocol | undefined {
  const word = (type.split(';')[0] ?? '').trim().toLowerCase();
  if (word === '') return undefined;
  const found = byType.get(word);
  if (found === png || found === imageGif || found === imageJfif) return pictureOf(b) === found ? found : media;
  if (found !== undefined) return found;
  return word.startsWith('multipart/') ? mimeMultipart : media;
}

/** The picture that bytes begin with, whatever they are called; undefined for others. */
function pictureOf(b: Buf): Protocol | undefined {
  if (PNG_SIGNATURE.every((octet, i) => b.u8(b.offset + i) === octet)) return png;
  const gifs = b.text(b.offset, 6);
  if (gifs === 'GIF87a' || gifs === 'GIF89a') return imageGif;
  // Behind the start of the image: JFIF or Exif.
  const marker = b.u32(b.offset);
  return marker === 0xffd8ffe0 || marker === 0xffd8ffe1 ? imageJfif : undefined;
}

/** Protocols of bodies that call another. */
const holders = new Set<Protocol>([mimeMultipart, ipp, ocspRequest, ocspResponse, revocationList]);

/** Gives bodies of a media type, in lower case, to a protocol that in turn calls those of its own: one that is made of what is here (a mail). */
export function holdMedia(type: string, protocol: Protocol): void {
  byType.set(type, protocol);
  holders.add(protocol);
}

/**
 * Calls the protocol for a body of media type `type` ('' if it has none: data).
 * @param looks where no protocol knows the type, or not these bytes: the one of the picture that they are
 */
export function callMedia(d: Dissection, b: Buf, type: string, looks = false): void {
  const found = mediaProtocol(type, b);
  const protocol = (looks && (found === undefined || found === media) ? pictureOf(b) : undefined) ?? found ?? data;
  mediaType.during(d, type, () => {
    if (holders.has(protocol)) d.call(protocol, b);
    else d.callLast(protocol, b);
  });
}
