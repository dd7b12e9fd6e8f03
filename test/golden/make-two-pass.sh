#!/usr/bin/env bash
# Writes two-pass.tsv: of each fixture with TCP, what `tshark -n -2` prints of the fields that only the whole capture tells.
# Each line: capture, frame.number, tcp.completeness, http.request_in, http.response_in, http.time. Needs tshark.
set -euo pipefail
cd "$(dirname "$0")"
for file in ../fixtures/{http,http6,loopback,tcp-*,vlan,sll2}.pcap; do
  tshark -n -2 -r "$file" -Y tcp -T fields -e frame.number -e tcp.completeness -e http.request_in -e http.response_in -e http.time 2>/dev/null |
    sed "s|^|$(basename "$file")\t|"
done > two-pass.tsv
