;; The inner loops of column scans, in the text format of WebAssembly (core specification 2.0, section 6): vectors of 128 bits take 8 rows of 16
;; bits, or 4 of 32, at once. See scan-kernel.ts.
(module
  ;; A column of a chunk (65,536 rows of 32 bits), two bitmaps of its rows, a table of octets for each value of 16 bits.
  (memory (export "memory") 6)

  ;; Sets in the bitmap at $out the bits of the rows whose value, of the bits in $mask, is at least $low and at most $low + $span; both without
  ;; sign. The column begins at 0; $words: words of the bitmap, 32 rows each.
  (func (export "range16") (param $words i32) (param $mask i32) (param $low i32) (param $span i32) (param $out i32)
    (local $m v128) (local $l v128) (local $s v128) (local $at i32) (local $end i32)
    (local.set $m (i16x8.splat (local.get $mask)))
    (local.set $l (i16x8.splat (local.get $low)))
    (local.set $s (i16x8.splat (local.get $span)))
    (local.set $end (i32.shl (local.get $words) (i32.const 6)))
    (block $done
      (loop $word
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (i32.store (local.get $out)
          (i32.or
            (i32.load (local.get $out))
            (i32.or
              (i8x16.bitmask
                (i8x16.narrow_i16x8_s
                  (i16x8.le_u (i16x8.sub (v128.and (v128.load (local.get $at)) (local.get $m)) (local.get $l)) (local.get $s))
                  (i16x8.le_u (i16x8.sub (v128.and (v128.load offset=16 (local.get $at)) (local.get $m)) (local.get $l)) (local.get $s))))
              (i32.shl
                (i8x16.bitmask
                  (i8x16.narrow_i16x8_s
                    (i16x8.le_u (i16x8.sub (v128.and (v128.load offset=32 (local.get $at)) (local.get $m)) (local.get $l)) (local.get $s))
                    (i16x8.le_u (i16x8.sub (v128.and (v128.load offset=48 (local.get $at)) (local.get $m)) (local.get $l)) (local.get $s))))
                (i32.const 16)))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (br $word))))

  ;; The same of values of 32 bits.
  (func (export "range32") (param $words i32) (param $mask i32) (param $low i32) (param $span i32) (param $out i32)
    (local $m v128) (local $l v128) (local $s v128) (local $at i32) (local $end i32)
    (local.set $m (i32x4.splat (local.get $mask)))
    (local.set $l (i32x4.splat (local.get $low)))
    (local.set $s (i32x4.splat (local.get $span)))
    (local.set $end (i32.shl (local.get $words) (i32.const 7)))
    (block $done
      (loop $word
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (i32.store (local.get $out)
          (i32.or
            (i32.load (local.get $out))
            (i32.or
              (call $half32 (local.get $at) (local.get $m) (local.get $l) (local.get $s))
              (i32.shl
                (call $half32 (i32.add (local.get $at) (i32.const 64)) (local.get $m) (local.get $l) (local.get $s))
                (i32.const 16)))))
        (local.set $at (i32.add (local.get $at) (i32.const 128)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (br $word))))

  ;; Bits of 16 rows of 32 bits.
  (func $half32 (param $at i32) (param $m v128) (param $l v128) (param $s v128) (result i32)
    (i8x16.bitmask
      (i8x16.narrow_i16x8_s
        (i16x8.narrow_i32x4_s
          (i32x4.le_u (i32x4.sub (v128.and (v128.load (local.get $at)) (local.get $m)) (local.get $l)) (local.get $s))
          (i32x4.le_u (i32x4.sub (v128.and (v128.load offset=16 (local.get $at)) (local.get $m)) (local.get $l)) (local.get $s)))
        (i16x8.narrow_i32x4_s
          (i32x4.le_u (i32x4.sub (v128.and (v128.load offset=32 (local.get $at)) (local.get $m)) (local.get $l)) (local.get $s))
          (i32x4.le_u (i32x4.sub (v128.and (v128.load offset=48 (local.get $at)) (local.get $m)) (local.get $l)) (local.get $s))))))

  ;; Makes two bitmaps of what the octet in $table is for each row's value of 16 bits: of its bit number 7 - $up1 at $out1, 7 - $up2 at $out2.
  (func (export "table16")
    (param $words i32) (param $table i32) (param $up1 i32) (param $out1 i32) (param $up2 i32) (param $out2 i32)
    (local $at i32) (local $end i32) (local $low v128) (local $high v128)
    (local.set $end (i32.shl (local.get $words) (i32.const 6)))
    (block $done
      (loop $word
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $low (call $octets (local.get $at) (local.get $table)))
        (local.set $high (call $octets (i32.add (local.get $at) (i32.const 32)) (local.get $table)))
        (i32.store (local.get $out1) (call $bits (local.get $low) (local.get $high) (local.get $up1)))
        (i32.store (local.get $out2) (call $bits (local.get $low) (local.get $high) (local.get $up2)))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (local.set $out1 (i32.add (local.get $out1) (i32.const 4)))
        (local.set $out2 (i32.add (local.get $out2) (i32.const 4)))
        (br $word))))

  ;; Of 16 rows: what the table has for them.
  (func $octets (param $at i32) (param $table i32) (result v128)
    (local $v v128)
    (local.set $v (v128.load8_lane 0 (i32.add (local.get $table) (i32.load16_u offset=0 (local.get $at))) (local.get $v)))
    (local.set $v (v128.load8_lane 1 (i32.add (local.get $table) (i32.load16_u offset=2 (local.get $at))) (local.get $v)))
    (local.set $v (v128.load8_lane 2 (i32.add (local.get $table) (i32.load16_u offset=4 (local.get $at))) (local.get $v)))
    (local.set $v (v128.load8_lane 3 (i32.add (local.get $table) (i32.load16_u offset=6 (local.get $at))) (local.get $v)))
    (local.set $v (v128.load8_lane 4 (i32.add (local.get $table) (i32.load16_u offset=8 (local.get $at))) (local.get $v)))
    (local.set $v (v128.load8_lane 5 (i32.add (local.get $table) (i32.load16_u offset=10 (local.get $at))) (local.get $v)))
    (local.set $v (v128.load8_lane 6 (i32.add (local.get $table) (i32.load16_u offset=12 (local.get $at))) (local.get $v)))
    (local.set $v (v128.load8_lane 7 (i32.add (local.get $table) (i32.load16_u offset=14 (local.get $at))) (local.get $v)))
    (local.set $v (v128.load8_lane 8 (i32.add (local.get $table) (i32.load16_u offset=16 (local.get $at))) (local.get $v)))
    (local.set $v (v128.load8_lane 9 (i32.add (local.get $table) (i32.load16_u offset=18 (local.get $at))) (local.get $v)))
    (local.set $v (v128.load8_lane 10 (i32.add (local.get $table) (i32.load16_u offset=20 (local.get $at))) (local.get $v)))
    (local.set $v (v128.load8_lane 11 (i32.add (local.get $table) (i32.load16_u offset=22 (local.get $at))) (local.get $v)))
    (local.set $v (v128.load8_lane 12 (i32.add (local.get $table) (i32.load16_u offset=24 (local.get $at))) (local.get $v)))
    (local.set $v (v128.load8_lane 13 (i32.add (local.get $table) (i32.load16_u offset=26 (local.get $at))) (local.get $v)))
    (local.set $v (v128.load8_lane 14 (i32.add (local.get $table) (i32.load16_u offset=28 (local.get $at))) (local.get $v)))
    (local.set $v (v128.load8_lane 15 (i32.add (local.get $table) (i32.load16_u offset=30 (local.get $at))) (local.get $v)))
    (local.get $v))

  ;; The uppermost bit of each of 32 octets that are moved up by $up bits.
  (func $bits (param $low v128) (param $high v128) (param $up i32) (result i32)
    (i32.or
      (i8x16.bitmask (i8x16.shl (local.get $low) (local.get $up)))
      (i32.shl (i8x16.bitmask (i8x16.shl (local.get $high) (local.get $up))) (i32.const 16))))
)
