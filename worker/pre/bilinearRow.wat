;; One row of OpenCV's 8-bit bilinear resize, three channels at a time, as float32 in planes. bilinearRow.ts holds the bytes that this
;; text assembles to; a test compares them.
(module
  (import "worker" "memory" (memory 1))
  (func (export "row")
    ;; For each target pixel 8 bytes: the byte offset of its left source pixel in a row, and the two weights (16 bits each).
    (param $table i32) (param $pixels i32)
    ;; The two source rows, and their weights.
    (param $upper i32) (param $lower i32) (param $upperWeight i32) (param $lowerWeight i32)
    ;; Where the row begins in the plane of each channel.
    (param $red i32) (param $green i32) (param $blue i32)
    (param $divisor f32)
    (local $end i32) (local $offset i32) (local $weights v128) (local $level v128)
    (local $uw v128) (local $lw v128) (local $two v128) (local $by v128)
    (local.set $end (i32.add (local.get $table) (i32.shl (local.get $pixels) (i32.const 3))))
    (local.set $uw (i32x4.splat (local.get $upperWeight)))
    (local.set $lw (i32x4.splat (local.get $lowerWeight)))
    (local.set $two (i32x4.splat (i32.const 2)))
    (local.set $by (f32x4.splat (local.get $divisor)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $table) (local.get $end)))
        (local.set $offset (i32.load (local.get $table)))
        (local.set $weights (v128.load32_splat offset=4 (local.get $table)))
        ;; Bytes r g b R G B of two neighbours become pairs (r R) (g G) (b B) of 16 bits; their dot product with the weights is the
        ;; horizontal sum of each channel.
        (local.set $level
          (i32x4.add
            (i32x4.add
              (i32x4.shr_s
                (i32x4.mul
                  (i32x4.shr_s
                    (i32x4.dot_i16x8_s
                      (i8x16.shuffle 0 16 3 16 1 16 4 16 2 16 5 16 16 16 16 16
                        (v128.load64_zero (i32.add (local.get $upper) (local.get $offset)))
                        (v128.const i32x4 0 0 0 0))
                      (local.get $weights))
                    (i32.const 4))
                  (local.get $uw))
                (i32.const 16))
              (i32x4.shr_s
                (i32x4.mul
                  (i32x4.shr_s
                    (i32x4.dot_i16x8_s
                      (i8x16.shuffle 0 16 3 16 1 16 4 16 2 16 5 16 16 16 16 16
                        (v128.load64_zero (i32.add (local.get $lower) (local.get $offset)))
                        (v128.const i32x4 0 0 0 0))
                      (local.get $weights))
                    (i32.const 4))
                  (local.get $lw))
                (i32.const 16)))
            (local.get $two)))
        ;; A true division: multiplying by a reciprocal would be wrong for half of the levels.
        (local.set $level
          (f32x4.div (f32x4.convert_i32x4_s (i32x4.shr_s (local.get $level) (i32.const 2))) (local.get $by)))
        (v128.store32_lane 0 (local.get $red) (local.get $level))
        (v128.store32_lane 1 (local.get $green) (local.get $level))
        (v128.store32_lane 2 (local.get $blue) (local.get $level))
        (local.set $table (i32.add (local.get $table) (i32.const 8)))
        (local.set $red (i32.add (local.get $red) (i32.const 4)))
        (local.set $green (i32.add (local.get $green) (i32.const 4)))
        (local.set $blue (i32.add (local.get $blue) (i32.const 4)))
        (br $next)))))
