"""torch_accuracy.py TASK.json: one training run in PyTorch, as accuracy.bench.ts asks for it.

The task names a zip of images, two CSV tables (Id, Category), a seed and the recipe. Prints one JSON line an epoch:
{"epoch", "trainLoss", "validationAccuracy", "seconds"}. torchvision's names and initial values are written out here,
so that it needs PyTorch, Pillow and numpy alone.
"""
import csv
import io
import json
import math
import sys
import time
import zipfile

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from PIL import Image

task = json.load(open(sys.argv[1]))
torch.set_num_threads(1)
torch.manual_seed(task["seed"])


def load(table):
    with open(table, newline="") as file, zipfile.ZipFile(task["images"]) as images:
        rows = list(csv.DictReader(file))
        pixels = [np.asarray(Image.open(io.BytesIO(images.read(row["Id"]))).convert("RGB")) for row in rows]
    labels = torch.tensor([task["classes"].index(row["Category"]) for row in rows])
    return torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).float() / 255, labels


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.downsample(x))


def resnet18(width, classes):
    layers = [nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
    inputs = width
    for stage in range(4):
        for block in range(2):
            layers.append(BasicBlock(inputs, width * 2**stage, 2 if stage > 0 and block == 0 else 1))
            inputs = width * 2**stage
    model = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, classes))
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    return model


def augmented(x):
    """Random crop with four black pixels around, and a flip of every second image."""
    size, padding = x.shape[-1], 4
    padded = F.pad(x, (padding,) * 4)
    crops = torch.randint(0, 2 * padding + 1, (len(x), 2)).tolist()
    flips = (torch.rand(len(x)) < 0.5).tolist()
    images = [image[:, top : top + size, left : left + size] for image, (top, left) in zip(padded, crops)]
    return torch.stack([image.flip(-1) if flip else image for image, flip in zip(images, flips)])


train, train_labels = load(task["train"])
validation, validation_labels = load(task["validation"])
normalized = lambda x: (x - 0.5) / 0.25
batch, epochs = task["batchSize"], task["epochs"]
model = resnet18(task["width"], len(task["classes"])).to(memory_format=torch.channels_last)
optimizer = torch.optim.SGD(
    model.parameters(), task["learningRate"], momentum=0.9, nesterov=True, weight_decay=task["weightDecay"]
)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
for epoch in range(1, epochs + 1):
    start, losses = time.perf_counter(), []
    model.train()
    for chosen in torch.randperm(len(train)).split(batch):
        x = normalized(augmented(train[chosen])).contiguous(memory_format=torch.channels_last)
        loss = F.cross_entropy(model(x), train_labels[chosen], label_smoothing=task["labelSmoothing"])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    schedule.step()
    seconds = time.perf_counter() - start
    model.eval()
    with torch.inference_mode():
        right = sum(
            (model(normalized(x).contiguous(memory_format=torch.channels_last)).argmax(1) == labels).sum().item()
            for x, labels in zip(validation.split(batch), validation_labels.split(batch))
        )
    if not math.isfinite(losses[-1]):
        sys.exit("the loss is not finite")
    record = {"epoch": epoch, "trainLoss": sum(losses) / len(losses), "validationAccuracy": right / len(validation)}
    print(json.dumps({**record, "seconds": seconds}), flush=True)
