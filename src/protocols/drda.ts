/** DRDA (Open Group C112, DRDA volume 3: DDM structures), which DB2 and Derby speak: data stream structures and their parameters. */
import { bool, nameOf, names, string, uint8, uint16 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { app, be16, each, lengthFramer } from './app-kit.ts';

/** DRDA volume 3, code points. */
const codePoints = names({
  0: 'DATA',
  12: 'CODPNT',
  16: 'FDODSC',
  47: 'TYPDEFNAM',
  53: 'TYPDEFOVR',
  100: 'CODPNTDR',
  4161: 'EXCSAT',
  4181: 'SYNCCTL',
  4201: 'SYNCRSY',
  4205: 'ACCSEC',
  4206: 'SECCHK',
  4207: 'SYNCLOG',
  4383: 'RSCTYP',
  4391: 'RSNCOD',
  4397: 'RSCNAM',
  4398: 'PRDID',
  4415: 'PRCCNVCD',
  4420: 'VRSNAM',
  4423: 'SRVCLSNM',
  4425: 'SVRCOD',
  4426: 'SYNERRCD',
  4435: 'SRVDGN',
  4442: 'SRVRLSLV',
  4445: 'SPVNAM',
  4446: 'EXTNAM',
  4461: 'SRVNAM',
  4502: 'SECMGRNM',
  4507: 'DEPERRCD',
  4508: 'CCSIDSBC',
  4509: 'CCSIDDBC',
  4510: 'CCSIDMBC',
  4512: 'USRID',
  4513: 'PASSWORD',
  4514: 'SECMEC',
  4516: 'SECCHKCD',
  4532: 'SVCERRNO',
  4572: 'SECTKN',
  4574: 'NEWPASSWORD',
  4624: 'MGRLVLRM',
  4632: 'MGRDEPRM',
  4633: 'SECCHKRM',
  4636: 'CMDATHRM',
  4658: 'AGNPRMRM',
  4659: 'RSCLMTRM',
  4677: 'PRCCNVRM',
  4683: 'CMDCMPRM',
  4684: 'SYNTAXRM',
  4688: 'CMDNSPRM',
  4689: 'PRMNSPRM',
  4690: 'VALNSPRM',
  4691: 'OBJNSPRM',
  4692: 'CMDCHKRM',
  4703: 'TRGNSPRM',
  5123: 'AGENT',
  5124: 'MGRLVLLS',
  5180: 'SUPERVISOR',
  5184: 'SECMGR',
  5187: 'EXCSATRD',
  5188: 'CMNAPPC',
  5208: 'DICTIONARY',
  5235: 'MGRLVLN',
  5236: 'CMNTCPIP',
  5242: 'FDODTA',
  5244: 'CMNSYNCPT',
  5292: 'ACCSECRD',
  5312: 'SYNCPTMGR',
  5313: 'RSYNCMGR',
  5324: 'CCSIDMGR',
  6400: 'MONITOR',
  7168: 'MONITORRD',
  7169: 'XAMGR',
  8193: 'ACCRDB',
  8194: 'BGNBND',
  8196: 'BNDSQLSTT',
  8197: 'CLSQRY',
  8198: 'CNTQRY',
  8199: 'DRPPKG',
  8200: 'DSCSQLSTT',
  8201: 'ENDBND',
  8202: 'EXCSQLIMM',
  8203: 'EXCSQLSTT',
  8204: 'OPNQRY',
  8205: 'PRPSQLSTT',
  8206: 'RDBCMM',
  8207: 'RDBRLLBCK',
  8208: 'REBIND',
  8210: 'DSCRDBTBL',
  8212: 'EXCSQLSET',
  8449: 'DSCERRCD',
  8450: 'QRYPRCTYP',
  8451: 'RDBINTTKN',
  8452: 'PRDDTA',
  8453: 'RDBCMTOK',
  8456: 'RDBCOLID',
  8457: 'PKGID',
  8461: 'PKGCNSTKN',
  8462: 'RTNSETSTT',
  8463: 'RDBACCCL',
  8464: 'RDBNAM',
  8465: 'OUTEXP',
  8466: 'PKGNAMCT',
  8467: 'PKGNAMCSN',
  8468: 'QRYBLKSZ',
  8469: 'UOWDSP',
  8470: 'RTNSQLDA',
  8474: 'RDBALWUPD',
  8479: 'SQLCSRHLD',
  8480: 'STTSTRDEL',
  8481: 'STTDECDEL',
  8485: 'PKGDFTCST',
  8498: 'QRYBLKCTL',
  8501: 'CRRTKN',
  8504: 'PRCNAM',
  8505: 'PKGSNLST',
  8506: 'NBRROW',
  8507: 'TRGDFTRT',
  8508: 'QRYRELSCR',
  8509: 'QRYROWNBR',
  8510: 'QRYRFRTBL',
  8512: 'MAXRSLCNT',
  8513: 'MAXBLKEXT',
  8514: 'RSLSETFLG',
  8518: 'TYPSQLDA',
  8519: 'OUTOVROPT',
  8520: 'RTNEXTDTA',
  8521: 'QRYATTSCR',
  8528: 'QRYATTUPD',
  8530: 'QRYSCRORN',
  8531: 'QRYROWSNS',
  8532: 'QRYBLKRST',
  8533: 'QRYRTNDTA',
  8534: 'QRYROWSET',
  8535: 'QRYATTSNS',
  8539: 'QRYINSID',
  8541: 'QRYCLSIMP',
  8542: 'QRYCLSRLS',
  8543: 'QRYOPTVAL',
  8544: 'DIAGLVL',
  8705: 'ACCRDBRM',
  8706: 'QRYNOPRM',
  8708: 'RDBNACRM',
  8709: 'OPNQRYRM',
  8710: 'PKGBNARM',
  8711: 'RDBACCRM',
  8712: 'BGNBNDRM',
  8713: 'PKGBPARM',
  8714: 'DSCINVRM',
  8715: 'ENDQRYRM',
  8716: 'ENDUOWRM',
  8717: 'ABNUOWRM',
  8718: 'DTAMCHRM',
  8719: 'QRYPOPRM',
  8721: 'RDBNFNRM',
  8722: 'OPNQFLRM',
  8723: 'SQLERRRM',
  8728: 'RDBUPDRM',
  8729: 'RSLSETRM',
  8730: 'RDBAFLRM',
  8733: 'CMDVLTRM',
  8741: 'CMMRQSRM',
  8907: 'RDBATHRM',
  9223: 'SQLAM',
  9224: 'SQLCARD',
  9227: 'SQLCINRD',
  9230: 'SQLRSLRD',
  9231: 'RDB',
  9232: 'FRCFIXROW',
  9233: 'SQLDARD',
  9234: 'SQLDTA',
  9235: 'SQLDTARD',
  9236: 'SQLSTT',
  9237: 'OUTOVR',
  9239: 'LMTBLKPRC',
  9240: 'FIXROWPRC',
  9241: 'SQLSTTVRB',
  9242: 'QRYDSC',
  9243: 'QRYDTA',
  9296: 'SQLATTR',
});

const MAGIC = 0xd0;
const HEADER = 10;

const f = {
  length: uint16('drda.ddm.length', 'Length'),
  magic: uint8('drda.ddm.ddmid', 'Magic', { base: 'hex' }),
  format: uint8('drda.ddm.format', 'Format', { base: 'hex' }),
  reserved: bool('drda.ddm.fmt.bit0', 'Reserved', { mask: 0x80 }),
  chained: bool('drda.ddm.fmt.bit1', 'Chained', { mask: 0x40 }),
  continue: bool('drda.ddm.fmt.bit2', 'Continue', { mask: 0x20 }),
  same: bool('drda.ddm.fmt.bit3', 'Same correlation', { mask: 0x10 }),
  kind: uint8('drda.ddm.fmt.dsstyp', 'DSS type', {
    mask: 0xf,
    names: names({ 1: 'RQSDSS', 2: 'RPYDSS', 3: 'OBJDSS', 4: 'CMNDSS', 5: 'NORPYDSS' }),
  }),
  correlation: uint16('drda.ddm.rqscrr', 'CorrelId'),
  length2: uint16('drda.ddm.length2', 'Length2'),
  codepoint: uint16('drda.ddm.codepoint', 'Code point', {
    base: 'hex',
    names: codePoints,
  }),
  paramLength: uint16('drda.param.length', 'Length'),
  paramCodepoint: uint16('drda.param.codepoint', 'Code point', {
    base: 'hex',
    names: codePoints,
  }),
  paramAscii: string('drda.param.data', 'Data (ASCII)'),
};
/** Exchange of server attributes, and the reply to it: what a connection begins with. */
const EXCSAT = 0x1041;
const EXCSATRD = 0x1443;
/** Code points whose contents are not parameters. */
const PLAIN = new Set([0x2414, 0x2408, 0x241a, 0x241b, 0x2412, 0x2411]);

export const drda = app({
  name: 'drda',
  short: 'DRDA',
  title: 'DRDA',
  fields: Object.values(f),
  sticky: true,
  // The first structure of a connection, either way, is about the attributes of the servers.
  accepts: (b, o, end) =>
    end - o >= HEADER &&
    b[o + 2] === MAGIC &&
    be16(b, o) >= HEADER &&
    be16(b, o + 6) + 6 <= be16(b, o) &&
    (be16(b, o + 8) === EXCSAT || be16(b, o + 8) === EXCSATRD),
  framer: lengthFramer(HEADER, (h) => (h[2] === MAGIC && be16(h, 0) >= HEADER ? be16(h, 0) : REJECT)),
  read: (layer, b) =>
    each(layer, b, (at, info) => {
      const length = layer.uint(f.length, at);
      layer.uint(f.magic, at + 2);
      const format = layer.uintNode(f.format, at + 3);
      for (const bit of [f.reserved, f.chained, f.continue, f.same, f.kind]) format.uint(bit, at + 3, 1);
      layer.uint(f.correlation, at + 4);
      layer.uint(f.length2, at + 6);
      const code = layer.uint(f.codepoint, at + 8);
      info.push((nameOf(f.codepoint, code) ?? `0x${code.toString(16)}`).replace(/ .*/, ''));
      const end = Math.min(b.end, at + length);
      for (let o = at + HEADER; layer.ok && !PLAIN.has(code) && o + 4 <= end; ) {
        const size = b.u16(o);
        if (size < 4 || o + size > end) break;
        const param = layer.text(o, size, nameOf(f.paramCodepoint, b.u16(o + 2)) ?? 'Parameter');
        param.uint(f.paramLength, o);
        param.uint(f.paramCodepoint, o + 2);
        if (size > 4) param.string(f.paramAscii, o + 4, size - 4);
        o += size;
      }
      return at + Math.max(HEADER, length);
    }),
});
