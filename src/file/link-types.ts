/** Names of the link types of capture files, as the registry at tcpdump.org numbers them (LINKTYPE_ values). */

/** One per line: number, name. */
const TABLE = `
0 NULL/Loopback
1 Ethernet
2 Xerox 3 Mb Ethernet
3 Amateur Radio AX.25
4 Proteon ProNET Token Ring
5 MIT Chaosnet
6 Token Ring
7 ARCNET
8 SLIP
9 PPP
10 FDDI
12 Raw IP
14 Raw IP
18 OpenBSD pfsync
19 Linux Classical IP over ATM
32 Redback SmartEdge
50 PPP in HDLC-like framing
51 PPP-over-Ethernet session
99 Symantec Enterprise Firewall
100 RFC 1483 ATM
101 Raw IP
102 BSD/OS SLIP
103 BSD/OS PPP
104 Cisco HDLC
105 IEEE 802.11 Wireless LAN
106 Linux Classical IP over ATM
107 Frame Relay
108 OpenBSD loopback
109 OpenBSD enc(4) encapsulating interface
110 ATM LANE 802.3
111 NetBSD HIPPI
112 NetBSD HDLC
113 Linux cooked-mode capture v1
114 Localtalk
115 Acorn Econet
116 OpenBSD ipfilter
117 OpenBSD PF Firewall logs
118 Cisco IOS internal
119 IEEE 802.11 plus Prism II monitor mode radio header
120 IEEE 802.11 plus Aironet radio header
121 HiPath HDLC
122 RFC 2625 IP-over-Fibre Channel
123 ATM PDUs
124 RapidIO
125 PCI Express
126 Xilinx Aurora link layer
127 IEEE 802.11 plus radiotap radio header
128 Tazmen sniffer protocol
129 Linux ARCNET
130 Juniper MLPPP
131 Juniper MLFR
132 Juniper Encryption Services
133 Juniper GGSN
134 Juniper Multilink Frame Relay
135 Juniper ATM2
136 Juniper Services
137 Juniper ATM1
138 Apple IP-over-IEEE 1394
139 MTP2 with pseudoheader
140 SS7 MTP2
141 SS7 MTP3
142 SS7 SCCP
143 Data Over Cable Service Interface Specification
144 IrDA
145 IBM SP switch
146 IBM Next Federation switch
163 IEEE 802.11 plus AVS radio header
164 Juniper Passive Monitor
165 BACnet MS/TP
166 PPP with Directional Info (pppd)
167 Juniper PPPoE
168 Juniper PPPoE over ATM
169 GPRS LLC
170 ITU-T G.7041/Y.1303 Generic Framing Procedure Transparent mode
171 ITU-T G.7041/Y.1303 Generic Framing Procedure Frame-mapped mode
172 GCOM TIE1
173 GCOM Serial
174 Juniper PIC Peer
175 Endace ERF Ethernet
176 Endace ERF Packet-over-SONET
177 LAPD with Linux pseudo-header
178 Juniper Ethernet
179 Juniper PPP
180 Juniper Frame-Relay
181 Juniper C-HDLC
182 FRF.16.1 Multi-Link Frame Relay
183 Juniper Voice PIC
184 ARINC 429
185 ARINC 653 Interpartition Communication
186 USB packets with FreeBSD header
187 Bluetooth H4
188 IEEE 802.16 MAC Common Part Sublayer
189 USB packets with Linux header
190 Controller Area Network 2.0B
191 IEEE 802.15.4 with Linux address padding
192 Per-Packet Information header
193 IEEE 802.16 MAC Common Part Sublayer with radio header
194 Juniper Integrated Services Module
195 IEEE 802.15.4 Wireless PAN
196 SITA WAN packets
197 Endace Extensible Record Format
198 Ethernet with u10 Networks pseudo-header
199 Intelligent Platform Management Bus with Kontron pseudo-header
200 Juniper Secure Tunnel Information
201 Bluetooth H4 with Linux header
202 AX.25 with KISS header
203 LAPD
204 PPP with Directional Info
205 Cisco HDLC with Directional Info
206 Frame Relay with Directional Info
207 LAPB with Directional Info
209 I2C with Linux-specific pseudo-header
210 FlexRay
211 Media Oriented Systems Transport
212 Local Interconnect Network
213 X2E serial line capture
214 X2E Xoraya
215 IEEE 802.15.4 Wireless PAN non-ASK PHY
216 Linux evdev input events
217 GSM Um Interface
218 GSM Abis Interface
219 MPLS
220 USB packets with Linux header and padding
221 DECT
222 AOS Space Data Link Protocol
223 WirelessHART
224 Fibre Channel FC-2
225 Fibre Channel FC-2 With Frame Delimiter
226 Solaris IPNET
227 SocketCAN
228 Raw IPv4
229 Raw IPv6
230 IEEE 802.15.4 Wireless PAN with FCS not present
231 D-Bus
232 Juniper VS
233 Juniper SRX E2E
234 Juniper Fibre Channel
235 DVB-CI (Common Interface)
236 MUX27010
237 STANAG 5066 Data Transfer Sublayer PDUs
238 Juniper ATM CEMIC
239 NFLOG
240 Hilscher netANALYZER
241 Hilscher netANALYZER-Transparent
242 IP over InfiniBand
243 ISO/IEC 13818-1 MPEG2-TS
244 ng4T NG40
245 NFC LLCP
246 pfsync
247 InfiniBand
248 SCTP
249 USB packets with USBPcap header
250 RTAC serial-line
251 Bluetooth Low Energy Link Layer
252 Wireshark Upper PDU export
253 Linux Netlink
254 Bluetooth Linux Monitor
255 Bluetooth BR/EDR Baseband RF
256 Bluetooth Low Energy Link Layer RF
257 PROFIBUS data link layer
258 Apple PKTAP
259 Ethernet Passive Optical Network
260 IPMI Trace Data Collection
261 Z-Wave RF profile R1 and R2
262 Z-Wave RF profile R3
263 WattStopper Digital Lighting Management
264 ISO 14443 contactless smartcard standards
265 Radio Data System
266 USB packets with Darwin (macOS, etc.) headers
267 OpenFlow
268 SDLC
269 Texas Instruments LLN sniffer
270 LoRaTap
271 Linux vsock
272 nRF Sniffer for Bluetooth LE
273 DOCSIS with Excentis XRA pseudo-header
274 IEEE 802.3br mPackets
275 DisplayPort AUX channel with Unigraf pseudo-header
276 Linux cooked-mode capture v2
277 Sercos Monitor
278 OpenVizsla USB
279 Elektrobit High Speed Capture and Replay
280 Vector Packet Processing graph dispatch trace
281 Ethernet with Broadcom switch tag
282 Ethernet with prepended Broadcom switch tag
283 IEEE 802.15.4 Wireless with TAP pseudo-header
284 Ethernet with Marvell DSA switch tag
285 Ethernet with Marvell EDSA switch tag
286 Reserved for ELEE lawful intercept
287 Z-Wave Serial API packets
288 USB 2.0/1.1/1.0 packets
289 ATSC Link-Layer Protocol
290 Event Tracing for Windows messages
291 Hilscher netANALYZER NG
292 ZBOSS NCP
293 Low-Speed USB 2.0/1.1/1.0 packets
294 Full-Speed USB 2.0/1.1/1.0 packets
295 High-Speed USB 2.0 packets
296 Auerswald log
297 Z-Wave packets with TAP pseudo-header
298 Silicon Labs debug channel
299 FiRa ultra-wideband controller interface
`;

const names: ReadonlyMap<number, string> = new Map(readTable());

function* readTable(): Generator<[number, string]> {
  for (const line of TABLE.trim().split('\n')) {
    const space = line.indexOf(' ');
    yield [Number(line.slice(0, space)), line.slice(space + 1)];
  }
  for (let i = 0; i < 16; i++) yield [147 + i, `USER ${i}`];
}

/** Name of a link type for people: 'Ethernet', 'link type 777' where it has none. */
export function linkTypeName(number: number): string {
  return names.get(number) ?? `link type ${number}`;
}
