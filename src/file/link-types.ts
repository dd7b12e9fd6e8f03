/** Link types of capture files, as the registry at tcpdump.org numbers them (LINKTYPE_ values). */

/** What a link type is called. */
export interface LinkType {
  readonly number: number;
  /** Name in the registry, without LINKTYPE_: 'ETHERNET'. */
  readonly constant: string;
  /** For people: 'Ethernet'. */
  readonly name: string;
  /** Short name that capinfos and editcap use: 'ether'; null where they know none. */
  readonly short: string | null;
}

/** One per line: number, constant, short name or '-', name. */
const TABLE = `
0 NULL null NULL/Loopback
1 ETHERNET ether Ethernet
2 EXP_ETHERNET xeth Xerox 3 Mb Ethernet
3 AX25 ax25 Amateur Radio AX.25
4 PRONET - Proteon ProNET Token Ring
5 CHAOS - MIT Chaosnet
6 IEEE802_5 tr Token Ring
7 ARCNET_BSD arcnet ARCNET
8 SLIP slip SLIP
9 PPP ppp PPP
10 FDDI fddi-swapped FDDI
12 RAW_OLD rawip Raw IP
14 RAW_OPENBSD rawip Raw IP
18 PFSYNC_OLD - OpenBSD pfsync
19 ATM_CLIP linux-atm-clip Linux Classical IP over ATM
32 REDBACK redback Redback SmartEdge
50 PPP_HDLC ppp PPP in HDLC-like framing
51 PPP_ETHER pppoes PPP-over-Ethernet session
99 SYMANTEC_FIREWALL symantec Symantec Enterprise Firewall
100 ATM_RFC1483 atm-rfc1483 RFC 1483 ATM
101 RAW rawip Raw IP
102 SLIP_BSDOS - BSD/OS SLIP
103 PPP_BSDOS - BSD/OS PPP
104 C_HDLC chdlc Cisco HDLC
105 IEEE802_11 ieee-802-11 IEEE 802.11 Wireless LAN
106 LINUX_ATM_CLIP linux-atm-clip Linux Classical IP over ATM
107 FRELAY frelay Frame Relay
108 LOOP loop OpenBSD loopback
109 ENC enc OpenBSD enc(4) encapsulating interface
110 LANE8023 - ATM LANE 802.3
111 HIPPI - NetBSD HIPPI
112 HDLC chdlc NetBSD HDLC
113 LINUX_SLL linux-sll Linux cooked-mode capture v1
114 LTALK ltalk Localtalk
115 ECONET - Acorn Econet
116 IPFILTER - OpenBSD ipfilter
117 PFLOG pflog OpenBSD PF Firewall logs
118 CISCO_IOS ios Cisco IOS internal
119 IEEE802_11_PRISM ieee-802-11-prism IEEE 802.11 plus Prism II monitor mode radio header
120 IEEE802_11_AIRONET - IEEE 802.11 plus Aironet radio header
121 HHDLC hhdlc HiPath HDLC
122 IP_OVER_FC ip-over-fc RFC 2625 IP-over-Fibre Channel
123 SUNATM atm-pdus ATM PDUs
124 RIO - RapidIO
125 PCI_EXP - PCI Express
126 AURORA - Xilinx Aurora link layer
127 IEEE802_11_RADIOTAP ieee-802-11-radiotap IEEE 802.11 plus radiotap radio header
128 TZSP tzsp Tazmen sniffer protocol
129 ARCNET_LINUX arcnet_linux Linux ARCNET
130 JUNIPER_MLPPP juniper-mlppp Juniper MLPPP
131 JUNIPER_MLFR juniper-mlfr Juniper MLFR
132 JUNIPER_ES - Juniper Encryption Services
133 JUNIPER_GGSN juniper-ggsn Juniper GGSN
134 JUNIPER_MFR - Juniper Multilink Frame Relay
135 JUNIPER_ATM2 juniper-atm2 Juniper ATM2
136 JUNIPER_SERVICES juniper-svcs Juniper Services
137 JUNIPER_ATM1 juniper-atm1 Juniper ATM1
138 APPLE_IP_OVER_IEEE1394 ap1394 Apple IP-over-IEEE 1394
139 MTP2_WITH_PHDR mtp2-with-phdr MTP2 with pseudoheader
140 MTP2 mtp2 SS7 MTP2
141 MTP3 mtp3 SS7 MTP3
142 SCCP sccp SS7 SCCP
143 DOCSIS docsis Data Over Cable Service Interface Specification
144 LINUX_IRDA irda IrDA
145 IBM_SP - IBM SP switch
146 IBM_SN - IBM Next Federation switch
163 IEEE802_11_AVS ieee-802-11-avs IEEE 802.11 plus AVS radio header
164 JUNIPER_MONITOR - Juniper Passive Monitor
165 BACNET_MS_TP bacnet-ms-tp BACnet MS/TP
166 PPP_PPPD ppp-with-direction PPP with Directional Info (pppd)
167 JUNIPER_PPPOE juniper-pppoe Juniper PPPoE
168 JUNIPER_PPPOE_ATM - Juniper PPPoE over ATM
169 GPRS_LLC gprs-llc GPRS LLC
170 GPF_T gfp-t ITU-T G.7041/Y.1303 Generic Framing Procedure Transparent mode
171 GPF_F gfp-f ITU-T G.7041/Y.1303 Generic Framing Procedure Frame-mapped mode
172 GCOM_T1E1 gcom-tie1 GCOM TIE1
173 GCOM_SERIAL gcom-serial GCOM Serial
174 JUNIPER_PIC_PEER - Juniper PIC Peer
175 ERF_ETH - Endace ERF Ethernet
176 ERF_POS - Endace ERF Packet-over-SONET
177 LINUX_LAPD linux-lapd LAPD with Linux pseudo-header
178 JUNIPER_ETHER juniper-ether Juniper Ethernet
179 JUNIPER_PPP juniper-ppp Juniper PPP
180 JUNIPER_FRELAY juniper-frelay Juniper Frame-Relay
181 JUNIPER_CHDLC juniper-chdlc Juniper C-HDLC
182 MFR - FRF.16.1 Multi-Link Frame Relay
183 JUNIPER_VP juniper-vp Juniper Voice PIC
184 A429 - ARINC 429
185 A653_ICM - ARINC 653 Interpartition Communication
186 USB_FREEBSD usb-freebsd USB packets with FreeBSD header
187 BLUETOOTH_HCI_H4 bluetooth-h4 Bluetooth H4
188 IEEE802_16_MAC_CPS ieee-802-16-mac-cps IEEE 802.16 MAC Common Part Sublayer
189 USB_LINUX usb-linux USB packets with Linux header
190 CAN20B can20b Controller Area Network 2.0B
191 IEEE802_15_4_LINUX - IEEE 802.15.4 with Linux address padding
192 PPI ppi Per-Packet Information header
193 IEEE802_16_MAC_CPS_RADIO - IEEE 802.16 MAC Common Part Sublayer with radio header
194 JUNIPER_ISM - Juniper Integrated Services Module
195 IEEE802_15_4_WITHFCS wpan IEEE 802.15.4 Wireless PAN
196 SITA sita-wan SITA WAN packets
197 ERF erf Endace Extensible Record Format
198 RAIF1 - Ethernet with u10 Networks pseudo-header
199 IPMB_KONTRON ipmb-kontron Intelligent Platform Management Bus with Kontron pseudo-header
200 JUNIPER_ST juniper-st Juniper Secure Tunnel Information
201 BLUETOOTH_HCI_H4_WITH_PHDR bluetooth-h4-linux Bluetooth H4 with Linux header
202 AX25_KISS ax25-kiss AX.25 with KISS header
203 LAPD lapd LAPD
204 PPP_WITH_DIR ppp-with-direction PPP with Directional Info
205 C_HDLC_WITH_DIR chdlc-with-direction Cisco HDLC with Directional Info
206 FRELAY_WITH_DIR frelay-with-direction Frame Relay with Directional Info
207 LAPB_WITH_DIR lapb LAPB with Directional Info
209 I2C_LINUX i2c-linux I2C with Linux-specific pseudo-header
210 FLEXRAY flexray FlexRay
211 MOST most Media Oriented Systems Transport
212 LIN lin Local Interconnect Network
213 X2E_SERIAL x2e-serial X2E serial line capture
214 X2E_XORAYA x2e-xoraya X2E Xoraya
215 IEEE802_15_4_NONASK_PHY wpan-nonask-phy IEEE 802.15.4 Wireless PAN non-ASK PHY
216 LINUX_EVDEV - Linux evdev input events
217 GSMTAP_UM gsm_um GSM Um Interface
218 GSMTAP_ABIS - GSM Abis Interface
219 MPLS - MPLS
220 USB_LINUX_MMAPPED usb-linux-mmap USB packets with Linux header and padding
221 DECT - DECT
222 AOS - AOS Space Data Link Protocol
223 WIHART - WirelessHART
224 FC_2 fc2 Fibre Channel FC-2
225 FC_2_WITH_FRAME_DELIMS fc2sof Fibre Channel FC-2 With Frame Delimiter
226 IPNET ipnet Solaris IPNET
227 CAN_SOCKETCAN socketcan SocketCAN
228 IPV4 rawip4 Raw IPv4
229 IPV6 rawip6 Raw IPv6
230 IEEE802_15_4_NOFCS wpan-nofcs IEEE 802.15.4 Wireless PAN with FCS not present
231 DBUS dbus D-Bus
232 JUNIPER_VS - Juniper VS
233 JUNIPER_SRX_E2E - Juniper SRX E2E
234 JUNIPER_FIBRECHANNEL - Juniper Fibre Channel
235 DVB_CI dvbci DVB-CI (Common Interface)
236 MUX27010 mux27010 MUX27010
237 STANAG_5066_D_PDU s5066-dpdu STANAG 5066 Data Transfer Sublayer PDUs
238 JUNIPER_ATM_CEMIC - Juniper ATM CEMIC
239 NFLOG nflog NFLOG
240 NETANALYZER netanalyzer Hilscher netANALYZER
241 NETANALYZER_TRANSPARENT netanalyzer-transparent Hilscher netANALYZER-Transparent
242 IPOIB ip-ib IP over InfiniBand
243 MPEG_2_TS mp2ts ISO/IEC 13818-1 MPEG2-TS
244 NG40 - ng4T NG40
245 NFC_LLCP nfc-llcp NFC LLCP
246 PFSYNC - pfsync
247 INFINIBAND infiniband InfiniBand
248 SCTP sctp SCTP
249 USBPCAP usb-usbpcap USB packets with USBPcap header
250 RTAC_SERIAL rtac-serial RTAC serial-line
251 BLUETOOTH_LE_LL bluetooth-le-ll Bluetooth Low Energy Link Layer
252 WIRESHARK_UPPER_PDU wireshark-upper-pdu Wireshark Upper PDU export
253 NETLINK netlink Linux Netlink
254 BLUETOOTH_LINUX_MONITOR bluetooth-linux-monitor Bluetooth Linux Monitor
255 BLUETOOTH_BREDR_BB bluetooth-bredr-bb-rf Bluetooth BR/EDR Baseband RF
256 BLUETOOTH_LE_LL_WITH_PHDR bluetooth-le-ll-rf Bluetooth Low Energy Link Layer RF
257 PROFIBUS_DL - PROFIBUS data link layer
258 PKTAP pktap Apple PKTAP
259 EPON epon Ethernet Passive Optical Network
260 IPMI_HPM_2 ipmi-trace IPMI Trace Data Collection
261 ZWAVE_R1_R2 - Z-Wave RF profile R1 and R2
262 ZWAVE_R3 - Z-Wave RF profile R3
263 WATTSTOPPER_DLM - WattStopper Digital Lighting Management
264 ISO_14443 iso14443 ISO 14443 contactless smartcard standards
265 RDS - Radio Data System
266 USB_DARWIN usb-darwin USB packets with Darwin (macOS, etc.) headers
267 OPENFLOW - OpenFlow
268 SDLC sdlc SDLC
269 TI_LLN_SNIFFER - Texas Instruments LLN sniffer
270 LORATAP loratap LoRaTap
271 VSOCK vsock Linux vsock
272 NORDIC_BLE nordic_ble nRF Sniffer for Bluetooth LE
273 DOCSIS31_XRA31 docsis31_xra31 DOCSIS with Excentis XRA pseudo-header
274 ETHERNET_MPACKET ether-mpacket IEEE 802.3br mPackets
275 DISPLAYPORT_AUX dpauxmon DisplayPort AUX channel with Unigraf pseudo-header
276 LINUX_SLL2 linux-sll2 Linux cooked-mode capture v2
277 SERCOS_MONITOR - Sercos Monitor
278 OPENVIZSLA - OpenVizsla USB
279 EBHSCR ebhscr Elektrobit High Speed Capture and Replay
280 VPP_DISPATCH vpp Vector Packet Processing graph dispatch trace
281 DSA_TAG_BRCM - Ethernet with Broadcom switch tag
282 DSA_TAG_BRCM_PREPEND - Ethernet with prepended Broadcom switch tag
283 IEEE802_15_4_TAP wpan-tap IEEE 802.15.4 Wireless with TAP pseudo-header
284 DSA_TAG_DSA - Ethernet with Marvell DSA switch tag
285 DSA_TAG_EDSA - Ethernet with Marvell EDSA switch tag
286 ELEE - Reserved for ELEE lawful intercept
287 Z_WAVE_SERIAL zwave-serial Z-Wave Serial API packets
288 USB_2_0 usb-20 USB 2.0/1.1/1.0 packets
289 ATSC_ALP - ATSC Link-Layer Protocol
290 ETW etw Event Tracing for Windows messages
291 NETANALYZER_NG - Hilscher netANALYZER NG
292 ZBOSS_NCP zbncp ZBOSS NCP
293 USB_2_0_LOW_SPEED usb-20-low Low-Speed USB 2.0/1.1/1.0 packets
294 USB_2_0_FULL_SPEED usb-20-full Full-Speed USB 2.0/1.1/1.0 packets
295 USB_2_0_HIGH_SPEED usb-20-high High-Speed USB 2.0 packets
296 AUERSWALD_LOG - Auerswald log
297 ZWAVE_TAP - Z-Wave packets with TAP pseudo-header
298 SILABS_DEBUG_CHANNEL - Silicon Labs debug channel
299 FIRA_UCI - FiRa ultra-wideband controller interface
`;

const byNumber: ReadonlyMap<number, LinkType> = new Map(readTable());

function* readTable(): Generator<[number, LinkType]> {
  for (const line of TABLE.trim().split('\n')) {
    const [number = '', constant = '', short = '', ...name] = line.split(' ');
    yield [Number(number), { number: Number(number), constant, name: name.join(' '), short: short === '-' ? null : short }];
  }
  for (let i = 0; i < 16; i++) {
    yield [147 + i, { number: 147 + i, constant: `USER${i}`, name: `USER ${i}`, short: `user${i}` }];
  }
}

/** The registered link type of a number; undefined if there is none. */
export function linkTypeOf(number: number): LinkType | undefined {
  return byNumber.get(number);
}

/** Name of a link type for people: 'Ethernet', 'link type 777' where it has none. */
export function linkTypeName(number: number): string {
  return byNumber.get(number)?.name ?? `link type ${number}`;
}

/** Short name as capinfos prints it: 'ether'; 'unknown' where it knows none. */
export function linkTypeShort(number: number): string {
  return byNumber.get(number)?.short ?? 'unknown';
}
