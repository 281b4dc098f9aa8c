"""Makes the pictures beside it and ../vectors.json: what OpenCV (and Ultralytics) read in each of them.

python make.py   needs opencv-python, ultralytics, pillow and numpy; the versions are written into vectors.json.
"""

import hashlib
import io
import json
import pathlib
import struct
import zlib

import cv2
import numpy as np
import PIL
import ultralytics
from PIL import Image, ImageCms
from ultralytics.utils.patches import imread as ultralytics_imread

here = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 20, 14

# Smooth enough to compress well, no two corners alike, with a hard edge and levels 0 and 255.
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
RGB = np.stack([x * 255 // (WIDTH - 1), y * 255 // (HEIGHT - 1), (x * 7 + y * 11) % 256], -1).astype(np.uint8)
RGB[4:8, 14:20] = (255, 32, 0)
GREY = RGB[..., 0] // 2 + RGB[..., 1] // 2
ALPHA = ((x + y) * 255 // (WIDTH + HEIGHT - 2)).astype(np.uint8)
WIDE = RGB.astype(np.uint16) * 257 - RGB[..., ::-1] // 2  # 16 bits: the low byte is not the high byte
WIDE_GREY = WIDE[..., 0]
CMYK = np.dstack([255 - RGB, 255 - RGB.max(-1)])
SECOND = np.ascontiguousarray(RGB[::-1])
PALETTE = Image.fromarray(RGB).quantize(16, dither=Image.Dither.NONE)


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags.tobytes()


def saved(picture, format, **options):
    buffer = io.BytesIO()
    (picture if isinstance(picture, Image.Image) else Image.fromarray(picture)).save(buffer, format, **options)
    return buffer.getvalue()


def opencv(extension, picture, *parameters):
    return cv2.imencode(extension, picture, parameters)[1].tobytes()


def png(samples, colour, bits, interlaced=False, chunks=()):
    """PNG 1.2 by hand: any depth, Adam7; samples of shape height, width, channels."""
    adam7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    lines = b""
    for top, left, down, right in adam7 if interlaced else [(0, 0, 1, 1)]:
        for line in samples[top::down, left::right]:
            packed = np.unpackbits(line.astype(">u2").reshape(-1, 1).view(np.uint8), axis=1)[:, 16 - bits :]
            lines += b"\0" + np.packbits(packed.reshape(-1)).tobytes()

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", samples.shape[1], samples.shape[0], bits, colour, 0, 0, int(interlaced))
    between = b"".join(chunk(*c) for c in chunks)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + between + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b"")


def adobe_transform(jpeg, transform):
    """The colour transform that the APP14 marker tells: 0 is CMYK, 2 is YCCK."""
    at = jpeg.index(b"Adobe") + 11
    return jpeg[:at] + bytes([transform]) + jpeg[at + 1 :]



# The Palette chunk of depth-d pictures: 2**d colours.
def plte(bits):
    return (b"PLTE", bytes((i * step) % 256 for i in range(2**bits) for step in (37, 91, 160)))


def index(bits):
    return ((x // 3 + y // 2) % 2**bits)[..., None]


# Any valid profile of another colour space will do: a reader that applied it would give other pixels.
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB", 4000)).tobytes()

cmyk_jpeg = saved(Image.fromarray(CMYK, "CMYK"), "JPEG", quality=90)
pair = [Image.fromarray(SECOND)]
clear = Image.fromarray(np.dstack([RGB, np.where(x < 10, 255, 0).astype(np.uint8)]))

PICTURES = {
    "jpeg-baseline-444.jpg": saved(RGB, "JPEG", quality=90, subsampling=0),
    "jpeg-baseline-422.jpg": saved(RGB, "JPEG", quality=90, subsampling=1),
    "jpeg-baseline-420.jpg": saved(RGB, "JPEG", quality=90, subsampling=2),
    "jpeg-odd-size-420.jpg": saved(np.ascontiguousarray(RGB[:13, :17]), "JPEG", quality=90, subsampling=2),
    "jpeg-progressive.jpg": saved(RGB, "JPEG", quality=90, progressive=True),
    "jpeg-restart-markers.jpg": saved(RGB, "JPEG", quality=90, restart_marker_blocks=1),
    "jpeg-rgb.jpg": saved(RGB, "JPEG", quality=90, keep_rgb=True),
    "jpeg-profile.jpg": saved(RGB, "JPEG", quality=90, icc_profile=PROFILE),
    "jpeg-cmyk-profile.jpg": saved(Image.fromarray(CMYK, "CMYK"), "JPEG", quality=90, icc_profile=PROFILE),
    "jpeg-grey.jpg": saved(GREY, "JPEG", quality=90),
    "jpeg-grey-progressive.jpg": saved(GREY, "JPEG", quality=90, progressive=True),
    "jpeg-cmyk.jpg": cmyk_jpeg,
    "jpeg-ycck.jpg": adobe_transform(cmyk_jpeg, 2),
    "jpeg-cmyk-exif-6.jpg": saved(Image.fromarray(CMYK, "CMYK"), "JPEG", quality=90, exif=exif(6)),
    "jpeg-grey-exif-5.jpg": saved(GREY, "JPEG", quality=90, exif=exif(5)),
    **{f"jpeg-exif-{o}.jpg": saved(RGB, "JPEG", quality=80, exif=exif(o)) for o in range(1, 9)},
    "png-grey-1.png": png(index(1), 0, 1),
    "png-grey-2.png": png(index(2), 0, 2),
    "png-grey-4.png": png(index(4), 0, 4),
    "png-grey-8.png": png(GREY[..., None], 0, 8),
    "png-grey-16.png": png(WIDE_GREY[..., None], 0, 16),
    "png-grey-trns.png": png(index(4), 0, 4, chunks=[(b"tRNS", b"\0\3")]),
    "png-grey-alpha-8.png": png(np.dstack([GREY, ALPHA]), 4, 8),
    "png-grey-alpha-16.png": png(np.dstack([WIDE_GREY, ALPHA.astype(np.uint16) * 256 + 9]), 4, 16),
    "png-palette-1.png": png(index(1), 3, 1, chunks=[plte(1)]),
    "png-palette-2.png": png(index(2), 3, 2, chunks=[plte(2)]),
    "png-palette-4.png": png(index(4), 3, 4, chunks=[plte(4)]),
    "png-palette-8.png": png(index(8), 3, 8, chunks=[plte(8)]),
    "png-palette-trns.png": png(index(4), 3, 4, chunks=[plte(4), (b"tRNS", bytes([0, 90, 255]))]),
    "png-rgb-8.png": png(RGB, 2, 8),
    "png-rgb-trns.png": png(RGB, 2, 8, chunks=[(b"tRNS", struct.pack(">HHH", 255, 32, 0))]),
    "png-rgb-16.png": png(WIDE, 2, 16),
    "png-rgba-8.png": png(np.dstack([RGB, ALPHA]), 6, 8),
    "png-rgba-16.png": png(np.dstack([WIDE, ALPHA.astype(np.uint16) * 256 + 9]), 6, 16),
    "png-interlaced.png": png(RGB, 2, 8, interlaced=True),
    "png-interlaced-palette-2.png": png(index(2), 3, 2, interlaced=True, chunks=[plte(2)]),
    "png-interlaced-rgba-16.png": png(np.dstack([WIDE, WIDE_GREY]), 6, 16, interlaced=True),
    "png-gamma.png": png(RGB, 2, 8, chunks=[(b"gAMA", struct.pack(">I", 100000))]),
    "png-exif-6.png": png(RGB, 2, 8, chunks=[(b"eXIf", exif(6).removeprefix(b"Exif\0\0"))]),
    "png-animated.png": saved(RGB, "PNG", save_all=True, append_images=pair, duration=100),
    "webp-lossy.webp": saved(RGB, "WEBP", quality=80),
    "webp-lossless.webp": saved(RGB, "WEBP", lossless=True),
    "webp-alpha.webp": saved(np.dstack([RGB, ALPHA]), "WEBP", lossless=True, exact=True),
    "webp-alpha-lossy.webp": saved(np.dstack([RGB, ALPHA]), "WEBP", quality=80, exact=True),
    "webp-exif-6.webp": saved(RGB, "WEBP", lossless=True, exif=exif(6)),
    "webp-animated.webp": saved(RGB, "WEBP", lossless=True, save_all=True, append_images=pair, duration=100),
    "webp-animated-alpha.webp": saved(clear, "WEBP", lossless=True, exact=True, save_all=True, append_images=[clear.rotate(180)], duration=100),
    "tiff-rgb.tif": saved(RGB, "TIFF"),
    "tiff-lzw.tif": saved(RGB, "TIFF", compression="tiff_lzw"),
    "tiff-deflate.tif": saved(RGB, "TIFF", compression="tiff_adobe_deflate"),
    "tiff-packbits.tif": saved(RGB, "TIFF", compression="packbits"),
    "tiff-jpeg.tif": saved(RGB, "TIFF", compression="jpeg", quality=90),
    "tiff-bilevel.tif": saved(Image.fromarray(index(1)[..., 0].astype(bool)), "TIFF"),
    "tiff-bilevel-fax4.tif": saved(Image.fromarray(index(1)[..., 0].astype(bool)), "TIFF", compression="group4"),
    "tiff-grey.tif": saved(GREY, "TIFF"),
    "tiff-grey-16.tif": saved(WIDE_GREY, "TIFF"),
    "tiff-palette.tif": saved(PALETTE, "TIFF"),
    "tiff-rgb-16.tif": opencv(".tiff", WIDE[..., ::-1], cv2.IMWRITE_TIFF_COMPRESSION, 8),
    "tiff-rgba.tif": saved(np.dstack([RGB, ALPHA]), "TIFF", compression="tiff_lzw"),
    "tiff-rgba-16.tif": opencv(".tiff", np.dstack([WIDE[..., ::-1], WIDE_GREY]), cv2.IMWRITE_TIFF_COMPRESSION, 8),
    "tiff-grey-float.tif": saved((GREY / 255).astype(np.float32), "TIFF", compression="tiff_lzw"),
    "tiff-rgb-float.tif": opencv(".tiff", (RGB[..., ::-1] / 255).astype(np.float32), cv2.IMWRITE_TIFF_COMPRESSION, 8),
    "tiff-cmyk.tif": saved(Image.fromarray(CMYK, "CMYK"), "TIFF", compression="tiff_lzw"),
    "tiff-lab.tif": saved(Image.fromarray(RGB, "LAB"), "TIFF", compression="tiff_lzw"),
    "tiff-exif-6.tif": saved(RGB, "TIFF", compression="tiff_lzw", tiffinfo={274: 6}),
    "tiff-pages.tif": saved(RGB, "TIFF", compression="tiff_adobe_deflate", save_all=True, append_images=pair),
    "tiff-grey-pages.tif": saved(GREY, "TIFF", compression="tiff_adobe_deflate", save_all=True, append_images=[Image.fromarray(GREY[::-1]), Image.fromarray(255 - GREY)]),
    "gif.gif": saved(PALETTE, "GIF", interlace=0),
    "gif-interlaced.gif": saved(PALETTE, "GIF", interlace=1),
    "gif-transparent.gif": saved(clear, "GIF"),
    "gif-animated.gif": saved(PALETTE, "GIF", save_all=True, append_images=[p.quantize(16) for p in pair], duration=100),
    "avif.avif": saved(RGB, "AVIF", quality=80),
    "avif-444.avif": saved(RGB, "AVIF", quality=80, subsampling="4:4:4"),
    "avif-grey.avif": saved(GREY, "AVIF", quality=80),
    "avif-alpha.avif": saved(np.dstack([RGB, ALPHA]), "AVIF", quality=80),
    "avif-10-bit.avif": opencv(".avif", WIDE[..., ::-1] >> 6, cv2.IMWRITE_AVIF_DEPTH, 10, cv2.IMWRITE_AVIF_QUALITY, 80),
    "avif-exif-6.avif": saved(RGB, "AVIF", quality=80, exif=exif(6)),
    "avif-animated.avif": saved(RGB, "AVIF", quality=80, save_all=True, append_images=pair, duration=100),
}


# Formats that sharp cannot decode; OpenCV or Pillow can.
REFUSED = {
    "bmp.bmp": saved(RGB[:4, :4], "BMP"),
    "jpeg-2000.jp2": saved(RGB, "JPEG2000"),
    "pnm.ppm": saved(RGB[:4, :4], "PPM"),
}


def seen(bgr):
    """Size and sha256 of the RGB bytes; None where nothing is read or it is no 8-bit colour."""
    if bgr is None or bgr.dtype != np.uint8 or bgr.ndim != 3 or bgr.shape[2] != 3:
        return None
    rgb = np.ascontiguousarray(bgr[..., ::-1])
    return {"width": rgb.shape[1], "height": rgb.shape[0], "sha256": hashlib.sha256(rgb.tobytes()).hexdigest()}


def main():
    vectors = {}
    for name, data in {**PICTURES, **REFUSED}.items():
        assert len(data) <= 3000, f"{name} has {len(data)} bytes"
        (here / name).write_bytes(data)
        opencv_sees = seen(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR))
        ultralytics_sees = seen(ultralytics_imread(str(here / name)))
        vectors[name] = {"opencv": opencv_sees}
        if ultralytics_sees != opencv_sees:
            vectors[name]["ultralytics"] = ultralytics_sees
    source = {
        "source": "cv2.imdecode(IMREAD_COLOR); ultralytics.utils.patches.imread where it differs; made by pictures/make.py",
        "opencv": cv2.__version__,
        "ultralytics": ultralytics.__version__,
        "pillow": PIL.__version__,
    }
    (here.parent / "vectors.json").write_text(json.dumps({**source, "pictures": vectors}, indent=2) + "\n")


main()
