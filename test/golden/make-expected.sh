#!/usr/bin/env bash
# Writes expected/: what tshark 4.0 prints of the fields in fields.txt for every capture in ../fixtures and for the sample that ships with
# the program. Run it after a fixture was made again; other versions of tshark name and print some fields differently.
set -euo pipefail
cd "$(dirname "$0")"
tshark --version 2>/dev/null | head -1 | grep -q ' 4\.0\.' || { echo 'make-expected.sh: tshark 4.0 is needed' >&2; exit 1; }
export LC_ALL=C.UTF-8 TZ=UTC HOME
HOME=$(mktemp -d) # an empty profile
trap 'rm -rf "$HOME"' EXIT
fields=()
while read -r field; do fields+=(-e "$field"); done < fields.txt
rm -f expected/*.tsv
print() { # print CAPTURE OUT [tshark arguments]
  local capture=$1 out=$2; shift 2
  # A file that is cut short is read as far as it goes; tshark then ends with an error.
  tshark -n -r "$capture" "$@" -T fields -E header=y -E separator=/t -E occurrence=a -E aggregator=, 2>/dev/null > "$out" \
    || [ "$(basename "$capture")" = damaged.pcap ]
}
for capture in ../fixtures/*.pcap* ../../samples/*.pcap*; do
  print "$capture" "expected/$(basename "$capture").fields.tsv" "${fields[@]}"
  # The columns of the list are compared with what tshark knows after two passes: "(reply in 4)".
  print "$capture" "expected/$(basename "$capture").columns.tsv" -2 -e _ws.col.Protocol -e _ws.col.Info
done
