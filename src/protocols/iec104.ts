/** IEC 60870-5-104: telecontrol over TCP, with the application service data units of IEC 60870-5-101 in it. */
import type { Buf } from '../dissect/dissection.ts';
import { bool, nameOf, names, TRUE_FALSE, uint8, uint16, uint24, uint32 } from '../dissect/field.ts';
import { REJECT } from '../dissect/framer.ts';
import { app, each, lengthFramer } from './app-kit.ts';

const START = 0x68;

const f = {
  start: uint8('iec60870_asdu.start', 'START', { base: 'hex' }),
  length: uint8('iec60870_104.apdulen', 'ApduLen'),
  type: uint32('iec60870_104.type', 'Type', { base: 'hex', mask: 0x1, names: names({ 0: 'I', 1: 'S', 3: 'U' }) }),
  tx: uint32('iec60870_104.tx', 'Tx', { mask: 0xfffe }),
  rx: uint32('iec60870_104.rx', 'Rx', { mask: 0xfffe0000 }),
  uType: uint32('iec60870_104.utype', 'UType', {
    base: 'hex',
    mask: 0xfc,
    names: names({ 1: 'STARTDT act', 2: 'STARTDT con', 4: 'STOPDT act', 8: 'STOPDT con', 16: 'TESTFR act', 32: 'TESTFR con' }),
  }),
};
const a = {
  typeId: uint8('iec60870_asdu.typeid', 'TypeId', {
    names: names({
      1: 'M_SP_NA_1',
      2: 'M_SP_TA_1',
      3: 'M_DP_NA_1',
      4: 'M_DP_TA_1',
      5: 'M_ST_NA_1',
      6: 'M_ST_TA_1',
      7: 'M_BO_NA_1',
      8: 'M_BO_TA_1',
      9: 'M_ME_NA_1',
      10: 'M_ME_TA_1',
      11: 'M_ME_NB_1',
      12: 'M_ME_TB_1',
      13: 'M_ME_NC_1',
      14: 'M_ME_TC_1',
      15: 'M_IT_NA_1',
      16: 'M_IT_TA_1',
      20: 'M_PS_NA_1',
      21: 'M_ME_ND_1',
      30: 'M_SP_TB_1',
      31: 'M_DP_TB_1',
      32: 'M_ST_TB_1',
      33: 'M_BO_TB_1',
      34: 'M_ME_TD_1',
      35: 'M_ME_TE_1',
      36: 'M_ME_TF_1',
      37: 'M_IT_TB_1',
      38: 'M_EP_TD_1',
      39: 'M_EP_TE_1',
      40: 'M_EP_TF_1',
      41: 'S_IT_TC_1',
      45: 'C_SC_NA_1',
      46: 'C_DC_NA_1',
      47: 'C_RC_NA_1',
      48: 'C_SE_NA_1',
      49: 'C_SE_NB_1',
      50: 'C_SE_NC_1',
      51: 'C_BO_NA_1',
      58: 'C_SC_TA_1',
      59: 'C_DC_TA_1',
      60: 'C_RC_TA_1',
      61: 'C_SE_TA_1',
      62: 'C_SE_TB_1',
      63: 'C_SE_TC_1',
      64: 'C_BO_TA_1',
      70: 'M_EI_NA_1',
      81: 'S_CH_NA_1',
      82: 'S_RP_NA_1',
      83: 'S_AR_NA_1',
      84: 'S_KR_NA_1',
      85: 'S_KS_NA_1',
      86: 'S_KC_NA_1',
      87: 'S_ER_NA_1',
      90: 'S_US_NA_1',
      91: 'S_UQ_NA_1',
      92: 'S_UR_NA_1',
      93: 'S_UK_NA_1',
      94: 'S_UA_NA_1',
      95: 'S_UC_NA_1',
      100: 'C_IC_NA_1',
      101: 'C_CI_NA_1',
      102: 'C_RD_NA_1',
      103: 'C_CS_NA_1',
      105: 'C_RP_NA_1',
      107: 'C_TS_TA_1',
      110: 'P_ME_NA_1',
      111: 'P_ME_NB_1',
      112: 'P_ME_NC_1',
      113: 'P_AC_NA_1',
      120: 'F_FR_NA_1',
      121: 'F_SR_NA_1',
      122: 'F_SC_NA_1',
      123: 'F_LS_NA_1',
      124: 'F_AF_NA_1',
      125: 'F_SG_NA_1',
      126: 'F_DR_TA_1',
      127: 'F_SC_NB_1',
    }),
  }),
  sq: bool('iec60870_asdu.sq', 'SQ', { bool: TRUE_FALSE, mask: 0x80 }),
  count: uint8('iec60870_asdu.numix', 'NumIx', { mask: 0x7f }),
  cause: uint8('iec60870_asdu.causetx', 'CauseTx', {
    mask: 0x3f,
    names: names({
      1: 'Per/Cyc',
      2: 'Back',
      3: 'Spont',
      4: 'Init',
      5: 'Req',
      6: 'Act',
      7: 'ActCon',
      8: 'Deact',
      9: 'DeactCon',
      10: 'ActTerm',
      11: 'Retrem',
      12: 'Retloc',
      13: 'File',
      14: 'Auth',
      15: 'Seskey',
      16: 'Usrkey',
      20: 'Inrogen',
      21: 'Inro1',
      22: 'Inro2',
      23: 'Inro3',
      24: 'Inro4',
      25: 'Inro5',
      26: 'Inro6',
      27: 'Inro7',
      28: 'Inro8',
      29: 'Inro9',
      30: 'Inro10',
      31: 'Inro11',
      32: 'Inro12',
      33: 'Inro13',
      34: 'Inro14',
      35: 'Inro15',
      36: 'Inro16',
      37: 'Reqcogen',
      38: 'Reqco1',
      39: 'Reqco2',
      40: 'Reqco3',
      41: 'Reqco4',
      44: 'UkTypeId',
      45: 'UkCauseTx',
      46: 'UkComAdrASDU',
      47: 'UkIOA',
    }),
  }),
  negative: bool('iec60870_asdu.nega', 'Negative', { bool: TRUE_FALSE, mask: 0x40 }),
  test: bool('iec60870_asdu.test', 'Test', { bool: TRUE_FALSE, mask: 0x80 }),
  originator: uint8('iec60870_asdu.oa', 'OA'),
  address: uint16('iec60870_asdu.addr', 'Addr'),
  object: uint24('iec60870_asdu.ioa', 'IOA'),
};

const asdu = app({
  name: 'iec60870_asdu',
  short: 'IEC 60870-5 ASDU',
  title: 'IEC 60870-5-101/104 ASDU',
  fields: Object.values(a),
  read(layer, b) {
    const o = b.offset;
    const type = layer.uint(a.typeId, o);
    layer.uint(a.sq, o + 1, 1);
    layer.uint(a.count, o + 1);
    layer.uint(a.cause, o + 2);
    layer.uint(a.negative, o + 2, 1);
    layer.uint(a.test, o + 2, 1);
    layer.uint(a.originator, o + 3);
    const address = layer.uintLe(a.address, o + 4);
    if (b.length > 6) layer.uintLe(a.object, o + 6);
    return `ASDU=${address} ${(nameOf(a.typeId, type) ?? `${type}`).replace(/ .*/, '')}`;
  },
});

const unit = (b: Buf, at: number): string => ['I', 'S', 'I', 'U'][b.u8(at) & 3] as string;

export const iec104 = app({
  name: 'iec60870_104',
  short: 'IEC 60870-5-104',
  title: 'IEC 60870-5-104',
  fields: Object.values(f),
  framer: lengthFramer(2, (h) => (h[0] === START && (h[1] as number) >= 4 ? 2 + (h[1] as number) : REJECT)),
  read: (layer, b, d) =>
    each(layer, b, (at, info) => {
      layer.uint(f.start, at);
      const length = layer.uint(f.length, at + 1);
      const kind = unit(b, at + 2);
      // Wireshark reads the control field as one number; information has the lowest bit 0.
      if (kind === 'I') {
        layer.uintLe(f.type, at + 2);
        layer.uintLe(f.tx, at + 2);
        layer.uintLe(f.rx, at + 2);
      } else {
        layer.add(f.type, at + 2, 1, b.u8(at + 2) & 3);
        if (kind === 'S') layer.uintLe(f.rx, at + 2);
        else layer.uint(f.uType, at + 2, 1);
      }
      const content = b.from(at + 6, at + 2 + length);
      if (kind === 'I' && layer.ok && content.length > 0) d.call(asdu, content);
      info.push(kind);
      return at + 2 + Math.max(4, length);
    }),
});
