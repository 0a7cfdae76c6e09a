"""torchvision's RandomResizedCrop, RandomHorizontalFlip, ToTensor, Normalize and RandomErasing on Pillow images, written out.

With torchvision installed its own transforms are timed. Prints {"name": ..., "imagesPerSecond": ...} (of CPU time); arguments: size, seconds.
"""
import json
import math
import random
import sys
import time

from PIL import Image, __version__

size, seconds = int(sys.argv[1]), float(sys.argv[2])
images = [Image.frombytes("RGB", (size, size), random.Random(i).randbytes(size * size * 3)) for i in range(256)]


def written_out():
    import numpy

    def box(scale, ratio, fits):
        for _ in range(10):
            area = size * size * random.uniform(*scale)
            aspect = math.exp(random.uniform(math.log(ratio[0]), math.log(ratio[1])))
            width, height = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
            if fits(width) and fits(height):
                return random.randint(0, size - height), random.randint(0, size - width), height, width
        return 0, 0, size, size

    mean = numpy.array([0.485, 0.456, 0.406], numpy.float32)
    deviation = numpy.array([0.229, 0.224, 0.225], numpy.float32)

    def augment(image):
        top, left, height, width = box((0.35, 1), (3 / 4, 4 / 3), lambda side: 0 < side <= size)
        image = image.crop((left, top, left + width, top + height)).resize((size, size), Image.BILINEAR)
        if random.random() < 0.5:
            image = image.transpose(Image.FLIP_LEFT_RIGHT)
        pixels = (numpy.asarray(image, numpy.float32) / 255 - mean) / deviation
        if random.random() < 0.5:
            top, left, height, width = box((0.02, 0.33), (0.3, 3.3), lambda side: side < size)
            pixels[top : top + height, left : left + width] = 0
        return pixels

    return "Pillow " + __version__ + " + numpy " + numpy.__version__, augment


def torchvision_pipeline():
    import torch
    import torchvision
    from torchvision import transforms

    torch.set_num_threads(1)
    return "torchvision " + torchvision.__version__ + ", Pillow " + __version__, transforms.Compose([
        transforms.RandomResizedCrop(size, scale=(0.35, 1)),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        transforms.RandomErasing(),
    ])


try:
    name, augment = torchvision_pipeline()
except ImportError:
    name, augment = written_out()

for image in images:
    augment(image)
done, start = 0, time.process_time()
while time.process_time() - start < seconds:
    for image in images:
        augment(image)
    done += len(images)
print(json.dumps({"name": name, "imagesPerSecond": done / (time.process_time() - start)}))
