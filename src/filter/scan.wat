;; The inner loops of column scans, in the text format of WebAssembly (core specification 2.0, section 6): vectors of 128 bits take 8 rows of 16
;; bits, or 4 of 32, at once. See scan-kernel.ts.
(module
  ;; A column of a chunk (65,536 rows of 32 bits), then a bitmap of its rows.
  (memory (export "memory") 5)

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
)
