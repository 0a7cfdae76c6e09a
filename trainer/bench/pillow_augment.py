"""Python's image augmentation on Pillow images, for augment.bench.ts: RandomResizedCrop, RandomHorizontalFlip, perhaps
TrivialAugmentWide, ToTensor, Normalize, RandomErasing.

Arguments: peer (torchvision | pillow, the same written out with Pillow and numpy), preset (imagenet | reference), size, seconds.
Prints {"name": ..., "imagesPerSecond": ...} of CPU time on one thread; exits with 3 where the peer isn't installed.
"""
import json
import math
import random
import sys
import time

try:
    from PIL import Image, ImageEnhance, ImageOps, __version__
except ImportError:
    sys.exit(3)

peer, preset, size, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
count = 256
images = [Image.frombytes("RGB", (size, size), random.Random(i).randbytes(size * size * 3)) for i in range(count)]
means, deviations = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def torchvision_pipeline():
    import torch
    import torchvision
    from torchvision import transforms

    torch.set_num_threads(1)
    return "torchvision " + torchvision.__version__ + ", Pillow " + __version__, transforms.Compose([
        transforms.RandomResizedCrop(size, scale=(0.35, 1)),
        transforms.RandomHorizontalFlip(),
        *([transforms.TrivialAugmentWide()] if preset == "reference" else []),
        transforms.ToTensor(),
        transforms.Normalize(means, deviations),
        transforms.RandomErasing(),
    ])


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

    def affine(*matrix):
        return lambda image: image.transform(image.size, Image.AFFINE, matrix, Image.NEAREST)

    def enhance(kind):
        return lambda share, sign: lambda image: kind(image).enhance(1 + 0.99 * share * sign)

    # Each takes the magnitude as a share of the largest one, and a sign.
    operations = [
        lambda share, sign: lambda image: image,
        lambda share, sign: affine(1, 0.99 * share * sign, 0, 0, 1, 0),
        lambda share, sign: affine(1, 0, 0, 0.99 * share * sign, 1, 0),
        lambda share, sign: affine(1, 0, int(32 * share) * sign, 0, 1, 0),
        lambda share, sign: affine(1, 0, 0, 0, 1, int(32 * share) * sign),
        lambda share, sign: lambda image: image.rotate(135 * share * sign),
        enhance(ImageEnhance.Brightness),
        enhance(ImageEnhance.Color),
        enhance(ImageEnhance.Contrast),
        enhance(ImageEnhance.Sharpness),
        lambda share, sign: lambda image: ImageOps.posterize(image, 8 - round(6 * share)),
        lambda share, sign: lambda image: ImageOps.solarize(image, 255 * (1 - share)),
        lambda share, sign: ImageOps.autocontrast,
        lambda share, sign: ImageOps.equalize,
    ]
    mean, deviation = numpy.array(means, numpy.float32), numpy.array(deviations, numpy.float32)

    def augment(image):
        top, left, height, width = box((0.35, 1), (3 / 4, 4 / 3), lambda side: 0 < side <= size)
        image = image.crop((left, top, left + width, top + height)).resize((size, size), Image.BILINEAR)
        if random.random() < 0.5:
            image = image.transpose(Image.FLIP_LEFT_RIGHT)
        if preset == "reference":
            image = random.choice(operations)(random.randrange(31) / 30, random.choice((-1, 1)))(image)
        pixels = (numpy.asarray(image, numpy.float32) / 255 - mean) / deviation
        if random.random() < 0.5:
            top, left, height, width = box((0.02, 0.33), (0.3, 3.3), lambda side: side < size)
            pixels[top : top + height, left : left + width] = 0
        return pixels

    return "Pillow " + __version__ + " + numpy " + numpy.__version__, augment


try:
    name, augment = {"torchvision": torchvision_pipeline, "pillow": written_out}[peer]()
except ImportError:
    sys.exit(3)

for image in images:
    augment(image)
done, start = 0, time.process_time()
while time.process_time() - start < seconds:
    for image in images:
        augment(image)
    done += len(images)
print(json.dumps({"name": name, "imagesPerSecond": done / (time.process_time() - start)}))
