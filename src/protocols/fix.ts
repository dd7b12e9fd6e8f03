/** FIX (Financial Information eXchange, FIX 4.2 and the session protocol FIXT): pairs of a tag and a value, each ended by SOH. */
import type { Buf } from '../dissect/dissection.ts';
import { bool, type FieldDef, string, TRUE_FALSE, uint16 } from '../dissect/field.ts';
import { type Framer, NEED_MORE, type StreamSide } from '../dissect/framer.ts';
import { app, begins } from './app-kit.ts';

const MARK = '8=FIX';
const SOH = 1;
const EQUALS = 0x3d;
const MESSAGE_TYPE = 35;
const CHECKSUM = 10;
/** `10=nnn` and SOH. */
const TRAILER = 7;
const MAX_BODY = 1 << 24;

/** Names of the tags from 1 on. */
const TAGS = `
Account AdvId AdvRefID AdvSide AdvTransType AvgPx BeginSeqNo BeginString BodyLength CheckSum ClOrdID Commission CommType
CumQty Currency EndSeqNo ExecID ExecInst ExecRefID ExecTransType HandlInst SecurityIDSource IOIID IOIOthSvc IOIQltyInd
IOIRefID IOIQty IOITransType LastCapacity LastMkt LastPx LastQty NoLinesOfText MsgSeqNum MsgType NewSeqNo OrderID
OrderQty OrdStatus OrdType OrigClOrdID OrigTime PossDupFlag Price RefSeqNum RelatdSym Rule80A SecurityID SenderCompID
SenderSubID SendingDate SendingTime Quantity Side Symbol TargetCompID TargetSubID Text TimeInForce TransactTime Urgency
ValidUntilTime SettlType SettlDate SymbolSfx ListID ListSeqNo TotNoOrders ListExecInst AllocID AllocTransType RefAllocID
NoOrders AvgPxPrecision TradeDate ExecBroker PositionEffect NoAllocs AllocAccount AllocQty ProcessCode NoRpts RptSeq
CxlQty NoDlvyInst DlvyInst AllocStatus AllocRejCode Signature SecureDataLen SecureData BrokerOfCredit SignatureLength
EmailType RawDataLength RawData PossResend EncryptMethod StopPx ExDestination - CxlRejReason OrdRejReason IOIQualifier
WaveNo Issuer SecurityDesc HeartBtInt ClientID MinQty MaxFloor TestReqID ReportToExch LocateReqd OnBehalfOfCompID
OnBehalfOfSubID QuoteID NetMoney SettlCurrAmt SettlCurrency ForexReq OrigSendingTime GapFillFlag NoExecs CxlType
ExpireTime DKReason DeliverToCompID DeliverToSubID IOINaturalFlag QuoteReqID BidPx OfferPx BidSize OfferSize NoMiscFees
MiscFeeAmt MiscFeeCurr MiscFeeType PrevClosePx ResetSeqNumFlag SenderLocationID TargetLocationID OnBehalfOfLocationID
DeliverToLocationID NoRelatedSym Subject Headline URLLink ExecType LeavesQty CashOrderQty AllocAvgPx AllocNetMoney
SettlCurrFxRate SettlCurrFxRateCalc NumDaysInterest AccruedInterestRate AccruedInterestAmt SettlInstMode AllocText
SettlInstID SettlInstTransType EmailThreadID SettlInstSource SettlLocation SecurityType EffectiveTime StandInstDbType
StandInstDbName StandInstDbID SettlDeliveryType SettlDepositoryCode SettlBrkrCode SettlInstCode SecuritySettlAgentName
SecuritySettlAgentCode SecuritySettlAgentAcctNum SecuritySettlAgentAcctName SecuritySettlAgentContactName
SecuritySettlAgentContactPhone CashSettlAgentName CashSettlAgentCode CashSettlAgentAcctNum CashSettlAgentAcctName
CashSettlAgentContactName CashSettlAgentContactPhone BidSpotRate BidForwardPoints OfferSpotRate OfferForwardPoints
OrderQty2 SettlDate2 LastSpotRate LastForwardPoints AllocLinkID AllocLinkType SecondaryOrderID NoIOIQualifiers
MaturityMonthYear PutOrCall StrikePrice CoveredOrUncovered CustomerOrFirm MaturityDay OptAttribute SecurityExchange
NotifyBrokerOfCredit AllocHandlInst MaxShow PegOffsetValue XmlDataLen XmlData SettlInstRefID NoRoutingIDs RoutingType
RoutingID Spread Benchmark BenchmarkCurveCurrency BenchmarkCurveName BenchmarkCurvePoint CouponRate CouponPaymentDate
IssueDate RepurchaseTerm RepurchaseRate Factor TradeOriginationDate ExDate ContractMultiplier NoStipulations
StipulationType StipulationValue YieldType Yield TotalTakedown Concession RepoCollateralSecurityType RedemptionDate
UnderlyingCouponPaymentDate UnderlyingIssueDate UnderlyingRepoCollateralSecurityType UnderlyingRepurchaseTerm
UnderlyingRepurchaseRate UnderlyingFactor UnderlyingRedemptionDate LegCouponPaymentDate LegIssueDate
LegRepoCollateralSecurityType LegRepurchaseTerm LegRepurchaseRate LegFactor LegRedemptionDate CreditRating
UnderlyingCreditRating LegCreditRating TradedFlatSwitch BasisFeatureDate BasisFeaturePrice - MDReqID
SubscriptionRequestType MarketDepth MDUpdateType AggregatedBook NoMDEntryTypes NoMDEntries MDEntryType MDEntryPx
MDEntrySize MDEntryDate MDEntryTime TickDirection MDMkt QuoteCondition TradeCondition MDEntryID MDUpdateAction
MDEntryRefID MDReqRejReason MDEntryOriginator LocationID DeskID DeleteReason OpenCloseSettlFlag SellerDays MDEntryBuyer
MDEntrySeller MDEntryPositionNo FinancialStatus CorporateAction DefBidSize DefOfferSize NoQuoteEntries NoQuoteSets
QuoteStatus QuoteCancelType QuoteEntryID QuoteRejectReason QuoteResponseLevel QuoteSetID QuoteRequestType
TotNoQuoteEntries UnderlyingSecurityIDSource UnderlyingIssuer UnderlyingSecurityDesc UnderlyingSecurityExchange
UnderlyingSecurityID UnderlyingSecurityType UnderlyingSymbol UnderlyingSymbolSfx UnderlyingMaturityMonthYear
UnderlyingMaturityDay UnderlyingPutOrCall UnderlyingStrikePrice UnderlyingOptAttribute UnderlyingCurrency RatioQty
SecurityReqID SecurityRequestType SecurityResponseID SecurityResponseType SecurityStatusReqID UnsolicitedIndicator
SecurityTradingStatus HaltReasonInt InViewOfCommon DueToRelated BuyVolume SellVolume HighPx LowPx Adjustment
TradSesReqID TradingSessionID ContraTrader TradSesMethod TradSesMode TradSesStatus TradSesStartTime TradSesOpenTime
TradSesPreCloseTime TradSesCloseTime TradSesEndTime NumberOfOrders MessageEncoding EncodedIssuerLen EncodedIssuer
EncodedSecurityDescLen EncodedSecurityDesc EncodedListExecInstLen EncodedListExecInst EncodedTextLen EncodedText
EncodedSubjectLen EncodedSubject EncodedHeadlineLen EncodedHeadline EncodedAllocTextLen EncodedAllocText
EncodedUnderlyingIssuerLen EncodedUnderlyingIssuer EncodedUnderlyingSecurityDescLen EncodedUnderlyingSecurityDesc
AllocPrice QuoteSetValidUntilTime QuoteEntryRejectReason LastMsgSeqNumProcessed OnBehalfOfSendingTime RefTagID
RefMsgType SessionRejectReason BidRequestTransType ContraBroker ComplianceID SolicitedFlag ExecRestatementReason
BusinessRejectRefID BusinessRejectReason GrossTradeAmt NoContraBrokers MaxMessageSize NoMsgTypes MsgDirection
NoTradingSessions TotalVolumeTraded DiscretionInst DiscretionOffsetValue BidID ClientBidID ListName TotNoRelatedSym
BidType NumTickets SideValue1 SideValue2 NoBidDescriptors BidDescriptorType BidDescriptor SideValueInd LiquidityPctLow
LiquidityPctHigh LiquidityValue EFPTrackingError FairValue OutsideIndexPct ValueOfFutures LiquidityIndType
WtAverageLiquidity ExchangeForPhysical OutMainCntryUIndex CrossPercent ProgRptReqs ProgPeriodInterval IncTaxInd
NumBidders BidTradeType BasisPxType NoBidComponents Country TotNoStrikes PriceType DayOrderQty DayCumQty DayAvgPx
GTBookingInst NoStrikes ListStatusType NetGrossInd ListOrderStatus ExpireDate ListExecInstType CxlRejResponseTo
UnderlyingCouponRate UnderlyingContractMultiplier ContraTradeQty ContraTradeTime ClearingFirm ClearingAccount
LiquidityNumSecurities MultiLegReportingType StrikeTime ListStatusText EncodedListStatusTextLen EncodedListStatusText
PartyIDSource PartyID`
  .trim()
  .split(/\s+/);
const fields: readonly (FieldDef | undefined)[] = TAGS.map((name, i) =>
  name === '-' ? undefined : string(`fix.${name}`, `${name} (${i + 1})`),
);
const f = {
  good: bool('fix.checksum_good', 'Good Checksum', { generated: true, bool: TRUE_FALSE }),
  bad: bool('fix.checksum_bad', 'Bad Checksum', { generated: true, bool: TRUE_FALSE }),
  tag: uint16('fix.field.tag', 'Field Tag'),
};
const KINDS: Readonly<Record<string, string>> = {
  0: 'Heartbeat',
  1: 'Test Request',
  2: 'Resend Request',
  3: 'Reject',
  4: 'Sequence Reset',
  5: 'Logout',
  8: 'Execution Report',
  9: 'Order Cancel Reject',
  A: 'Logon',
  D: 'New Order Single',
  F: 'Order Cancel Request',
  G: 'Order Cancel/Replace Request',
  S: 'Quote',
  V: 'Market Data Request',
  W: 'Market Data Snapshot Full Refresh',
  X: 'Market Data Incremental Refresh',
};

/** The decimal number at `at`, -1 if there is none before `stop`. */
function number(bytes: Uint8Array, at: number, stop: number): number {
  let value = -1;
  for (let i = at; i < stop && i < at + 9; i++) {
    const digit = (bytes[i] as number) - 0x30;
    if (digit < 0 || digit > 9) return value;
    value = Math.max(value, 0) * 10 + digit;
  }
  return value;
}

/** Length of the message in bytes[at, end) by its BodyLength; 0 if that has not come yet, -1 if there is none. */
function lengthOf(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < MARK.length) return 0;
  if (!begins(bytes, at, end, MARK)) return -1;
  let version = at;
  while (version < end && bytes[version] !== SOH) version++;
  if (end - version < 4) return 0;
  if (!begins(bytes, version + 1, end, '9=')) return -1;
  let stop = version + 3;
  while (stop < end && bytes[stop] !== SOH) stop++;
  if (stop >= end) return 0;
  const body = number(bytes, version + 3, stop);
  return body < 0 || body > MAX_BODY ? -1 : stop + 1 - at + body + TRAILER;
}

/** Where the next message begins after `at`, `end` if nowhere. */
function nextMessage(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) if (bytes[i - 1] === SOH && begins(bytes, i, end, MARK)) return i;
  return end;
}

const joined = new Uint8Array(256);
/** A header longer than this is none. */
const MAX_HEADER = 200;

const framer: Framer = {
  feed(side: StreamSide, bytes, offset, end) {
    const carried = side.carryLength;
    const have = carried + end - offset;
    let length: number;
    if (carried === 0) length = lengthOf(bytes, offset, Math.min(end, offset + MAX_HEADER));
    else {
      const size = Math.min(have, MAX_HEADER);
      for (let i = 0; i < size; i++) joined[i] = (i < carried ? side.carry?.[i] : bytes[offset + i - carried]) as number;
      length = lengthOf(joined, 0, size);
    }
    if (length === 0 && have < MAX_HEADER) return NEED_MORE;
    // What has no length (FIX in other encodings) is taken as it came.
    if (length <= 0) return nextMessage(bytes, offset, end);
    if (length <= have) return Math.max(offset + 1, offset + length - carried);
    side.need = length - have;
    return NEED_MORE;
  },
};

function sumOf(b: Buf, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += b.u8(i);
  return sum & 0xff;
}

export const fix = app({
  name: 'fix',
  short: 'FIX',
  title: 'Financial Information eXchange Protocol',
  fields: [...fields.filter((each) => each !== undefined), ...Object.values(f)],
  sticky: true,
  mayBegin: (octet) => octet === MARK.charCodeAt(0),
  accepts: (b, o, end) => begins(b, o, end, MARK),
  framer,
  read(layer, b, d) {
    const info: string[] = [];
    /** Of the octets since the message began, as far as `summed`: each is added up once. */
    let sum = 0;
    let summed = b.offset;
    for (let at = b.offset; at < b.end && layer.ok && !d.full; ) {
      const soh = b.indexOf(SOH, at);
      const stop = soh < 0 ? b.end : soh;
      const equals = b.indexOf(EQUALS, at, stop);
      const tag = equals < 0 ? -1 : number(b.bytes, at, equals);
      const value = equals < 0 ? '' : b.text(equals + 1, stop - equals - 1);
      const field = fields[tag - 1];
      const length = Math.min(stop + 1, b.end) - at;
      if (tag === 8) {
        sum = 0;
        summed = at;
      }
      const node = field === undefined ? layer.add(f.tag, at, length, Math.max(0, tag) & 0xffff) : layer.add(field, at, length, value);
      if (tag === MESSAGE_TYPE) info.push(KINDS[value] ?? `MsgType ${value}`);
      if (tag === CHECKSUM) {
        sum = (sum + sumOf(b, summed, at)) & 0xff;
        summed = at;
        const good = Number(value) === sum;
        node.add(f.good, at, 0, good);
        node.add(f.bad, at, 0, !good);
      }
      at = stop + 1;
    }
    return info.slice(0, 20).join(', ');
  },
});
