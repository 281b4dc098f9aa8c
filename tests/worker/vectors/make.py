"""Writes letterbox.json, suppression.json and scaling.json: what OpenCV and torch answer to inputs of seeded arithmetic.

Documentation of where the numbers come from; nothing runs it. Needs opencv-python, numpy, torch and torchvision:
    python make.py
The steps are those that Ultralytics documents for `predict` and `val`; the arithmetic is OpenCV's and torch's own.
"""

import hashlib
import json
from pathlib import Path

import cv2
import numpy as np
import torch
import torchvision

HERE = Path(__file__).parent
VERSIONS = {
    "opencv": cv2.__version__,
    "torch": torch.__version__,
    "torchvision": torchvision.__version__,
    "numpy": np.__version__,
}


def sha256(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def hashed(index, seed):
    """32 bits of an index: Knuth's multiplication, then mixed by shifts. The same in tests/worker/vectors/seeded.ts."""
    with np.errstate(over="ignore"):
        x = (np.asarray(index, dtype=np.uint32) + np.uint32(seed)) * np.uint32(2654435761)
        x ^= x >> np.uint32(15)
        x *= np.uint32(2246822519)
        x ^= x >> np.uint32(13)
    return x


def picture(width, height):
    levels = hashed(np.arange(width * height * 3), width * 10007 + height) >> np.uint32(24)
    return levels.astype(np.uint8).reshape(height, width, 3)


def letterbox(image, to_width, to_height, stride):
    """stride: pad only to the next multiple of it (a dynamic model); None: to the whole input."""
    height, width = image.shape[:2]
    ratio = min(to_height / height, to_width / width)
    scaled = (max(1, round(width * ratio)), max(1, round(height * ratio)))
    pad_x, pad_y = to_width - scaled[0], to_height - scaled[1]
    if stride is not None:
        pad_x, pad_y = pad_x % stride, pad_y % stride
    pad_x, pad_y = pad_x / 2, pad_y / 2
    if (width, height) != scaled:
        image = cv2.resize(image, scaled, interpolation=cv2.INTER_LINEAR)
    top, bottom = round(pad_y - 0.1), round(pad_y + 0.1)
    left, right = round(pad_x - 0.1), round(pad_x + 0.1)
    grey = (114, 114, 114)
    boxed = cv2.copyMakeBorder(image, top, bottom, left, right, cv2.BORDER_CONSTANT, value=grey)
    return boxed, {"scaled": list(scaled), "top": top, "left": left}


SQUARE = [
    (640, 480), (480, 640), (810, 1080), (1280, 720), (720, 1280), (1920, 1080), (1280, 1280), (640, 640),
    (1280, 960), (960, 1280), (1281, 721), (1279, 719), (639, 641), (641, 639), (320, 240), (321, 243),
    (100, 75), (33, 57), (7, 5), (2, 2), (1, 1), (1, 640), (640, 1), (1, 300), (300, 1), (3, 1000), (1000, 3),
    (2000, 40), (40, 2000), (500, 333), (427, 640), (612, 612), (1023, 767), (2560, 1440), (1600, 1200),
    (640, 427), (1333, 800), (159, 213), (648, 486), (90, 1279),
]  # fmt: skip
OTHER_INPUTS = [
    (640, 480, 320, 320), (640, 480, 416, 416), (810, 1080, 320, 320), (1280, 720, 640, 384), (300, 500, 640, 384),
    (640, 640, 320, 320), (1000, 1000, 96, 64), (193, 129, 96, 64), (192, 128, 96, 64), (17, 11, 96, 64),
]  # fmt: skip
RECTANGLES = [(640, 480), (810, 1080), (1280, 720), (500, 333), (333, 500), (640, 640), (1279, 300), (90, 1279)]


def letterboxes():
    cases = [(w, h, 640, 640, None) for w, h in SQUARE]
    cases += [(*case, None) for case in OTHER_INPUTS]
    cases += [(w, h, 640, 640, 32) for w, h in RECTANGLES]
    for width, height, to_width, to_height, stride in cases:
        boxed, place = letterbox(picture(width, height), to_width, to_height, stride)
        planes = boxed.transpose(2, 0, 1)
        tensor = torch.from_numpy(np.ascontiguousarray(planes)).float() / 255
        yield {
            "picture": [width, height],
            "largest": [to_width, to_height],
            "stride": stride,
            "input": [boxed.shape[1], boxed.shape[0]],
            **place,
            "levels": sha256(planes),
            "tensor": sha256(tensor.numpy().astype("<f4")),
        }


def head(seed, classes, anchors, levels):
    """[4 + classes, anchors]: boxes in crowds, so that they overlap; scores of few levels, so that there are ties."""
    at = lambda row: hashed(np.arange(anchors) + row * anchors, seed)
    crowd = at(0) % np.uint32(12)
    x = (hashed(crowd, seed + 1) % np.uint32(4000) + at(1) % np.uint32(160)).astype(np.float32) / np.float32(7)
    y = (hashed(crowd, seed + 2) % np.uint32(4000) + at(2) % np.uint32(160)).astype(np.float32) / np.float32(7)
    width = (np.uint32(200) + at(3) % np.uint32(400)).astype(np.float32) / np.float32(7)
    height = (np.uint32(200) + at(4) % np.uint32(400)).astype(np.float32) / np.float32(7)
    scores = [(at(5 + k) % np.uint32(levels)).astype(np.float32) / np.float32(levels) for k in range(classes)]
    # Most classes of most anchors are near nothing, as in a real head.
    quiet = [at(5 + classes + k) % np.uint32(8) != 0 for k in range(classes)]
    scores = [np.where(q, s / np.float32(1024), s) for q, s in zip(quiet, scores)]
    return torch.from_numpy(np.stack([x, y, width, height, *scores]).astype(np.float32))


def suppressed(output, confidence, iou, agnostic, multi_label, most=300, enter=30000, apart=7680):
    rows = output.T
    center, half = rows[:, :2], rows[:, 2:4] / 2
    boxes, scores = torch.cat((center - half, center + half), 1), rows[:, 4:]
    if multi_label:
        anchor, label = torch.where(scores > confidence)
        kept = torch.cat((boxes[anchor], scores[anchor, label, None], label[:, None].float()), 1)
    else:
        best, label = scores.max(1, keepdim=True)
        kept = torch.cat((boxes, best, label.float()), 1)[best[:, 0] > confidence]
    kept = kept[kept[:, 4].argsort(descending=True, stable=True)[:enter]]
    offset = kept[:, 5:6] * (0 if agnostic else apart)
    return kept[torchvision.ops.nms(kept[:, :4] + offset, kept[:, 4], iou)[:most]]


def suppressions():
    seed = 1
    for classes, anchors in [(1, 300), (3, 400), (80, 500)]:
        for levels in [16, 256, 60000]:
            for confidence, iou in [(0.25, 0.7), (0.25, 0.45), (0.001, 0.7), (0.5, 0.6)]:
                for agnostic, multi_label in [(False, False), (True, False), (False, True)]:
                    given = {"classes": classes, "anchors": anchors, "levels": levels}
                    asked = {"confidence": confidence, "iou": iou, "agnostic": agnostic, "multiLabel": multi_label}
                    kept = suppressed(head(seed, **given), confidence, iou, agnostic, multi_label)
                    yield {"seed": seed, **given, **asked, "kept": len(kept), "rows": sha256(kept.numpy().astype("<f4"))}
                    seed += 1


def scalings(boxes_each=12):
    shapes = [(w, h, 640, 640) for w, h in SQUARE if min(w, h) > 1] + OTHER_INPUTS
    for seed, (width, height, to_width, to_height) in enumerate(shapes, 1):
        ratio = min(to_height / height, to_width / width)
        scaled = (max(1, round(width * ratio)), max(1, round(height * ratio)))
        left, top = (round((to - s) / 2 - 0.1) for to, s in zip((to_width, to_height), scaled))
        # From beyond the left edge to beyond the right, so that some are clipped.
        at = hashed(np.arange(boxes_each * 4), seed) % np.uint32(9000)
        boxes = torch.from_numpy((at.astype(np.float32) / np.float32(13) - np.float32(20)).reshape(-1, 4))
        pad = torch.tensor([left, top, left, top], dtype=torch.float32)
        gain = torch.tensor([scaled[0] / width, scaled[1] / height] * 2, dtype=torch.float32)
        limit = torch.tensor([width, height] * 2, dtype=torch.float32)
        values = torch.minimum(((boxes - pad) / gain).clamp(min=0), limit) + 0.0
        rounded = np.array([round(value, 5) for value in values.double().flatten().tolist()], dtype="<f8")
        yield {"seed": seed, "picture": [width, height], "input": [to_width, to_height], "boxes": boxes_each, "values": sha256(rounded)}


def write(name, cases):
    cases = [json.dumps(case) for case in cases]
    text = ",\n    ".join(cases)
    (HERE / name).write_text(f'{{\n  "versions": {json.dumps(VERSIONS)},\n  "cases": [\n    {text}\n  ]\n}}\n')
    print(name, len(cases))


write("letterbox.json", letterboxes())
write("suppression.json", suppressions())
write("scaling.json", scalings())
