"""The convolutional models with torch.nn, as torchvision and timm build them, but for names and initial values."""
import torch
import torch.nn as nn


class Add(nn.Module):
    """x + body(x), each image's body left out with a probability, then `after`."""

    def __init__(self, body, shortcut=None, after=None, drop=0.0):
        super().__init__()
        self.body, self.shortcut, self.after, self.drop = body, shortcut, after, drop

    def forward(self, x):
        y = self.body(x)
        if self.drop:
            y = y * torch.empty(len(y), 1, 1, 1).bernoulli_(1 - self.drop).div_(1 - self.drop)
        y = y + (x if self.shortcut is None else self.shortcut(x))
        return y if self.after is None else self.after(y)


def conv_norm(inputs, outputs, kernel, stride=1, activation=None, groups=1, norm=nn.BatchNorm2d):
    layers = [nn.Conv2d(inputs, outputs, kernel, stride, (kernel - 1) // 2, groups=groups, bias=False), norm(outputs)]
    return layers + ([activation(inplace=True)] if activation else [])


def head(features, classes, *before):
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), *before, nn.Linear(features, classes)]


def resnet(classes, stem, width, blocks):
    layers = stem
    inputs = width
    for stage, count in enumerate(blocks):
        outputs = width * 2**stage
        for block in range(count):
            stride = 2 if stage > 0 and block == 0 else 1
            body = conv_norm(inputs, outputs, 3, stride, nn.ReLU) + conv_norm(outputs, outputs, 3)
            same = stride == 1 and inputs == outputs
            shortcut = None if same else nn.Sequential(*conv_norm(inputs, outputs, 1, stride))
            layers.append(Add(nn.Sequential(*body), shortcut, nn.ReLU(inplace=True)))
            inputs = outputs
    return nn.Sequential(*layers, *head(inputs, classes))


def resnet18(classes):
    return resnet(classes, conv_norm(3, 64, 7, 2, nn.ReLU) + [nn.MaxPool2d(3, 2, 1)], 64, [2, 2, 2, 2])


def resnet20(classes):
    return resnet(classes, conv_norm(3, 16, 3, 1, nn.ReLU), 16, [3, 3, 3])


class Dense(nn.Module):
    """x and what the layer makes of it."""

    def __init__(self, inputs, growth):
        super().__init__()
        self.layer = nn.Sequential(
            nn.BatchNorm2d(inputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(inputs, 4 * growth, 1, bias=False),
            nn.BatchNorm2d(4 * growth),
            nn.ReLU(inplace=True),
            nn.Conv2d(4 * growth, growth, 3, 1, 1, bias=False),
        )

    def forward(self, seen):
        # A list of all parts, as torchvision keeps them: each layer concatenates them anew.
        return seen + [self.layer(torch.cat(seen, 1))]


class DenseBlock(nn.Module):
    def __init__(self, layers, inputs, growth):
        super().__init__()
        self.layers = nn.ModuleList(Dense(inputs + index * growth, growth) for index in range(layers))

    def forward(self, x):
        seen = [x]
        for layer in self.layers:
            seen = layer(seen)
        return torch.cat(seen, 1)


def densenet121(classes, growth=32):
    layers = conv_norm(3, 64, 7, 2, nn.ReLU) + [nn.MaxPool2d(3, 2, 1)]
    features = 64
    blocks = [6, 12, 24, 16]
    for index, count in enumerate(blocks):
        layers.append(DenseBlock(count, features, growth))
        features += count * growth
        if index < len(blocks) - 1:
            layers += [nn.BatchNorm2d(features), nn.ReLU(inplace=True)]
            layers += [nn.Conv2d(features, features // 2, 1, bias=False), nn.AvgPool2d(2, 2)]
            features //= 2
    return nn.Sequential(*layers, nn.BatchNorm2d(features), nn.ReLU(inplace=True), *head(features, classes))


class Squeeze(nn.Module):
    def __init__(self, channels, squeezed, activation, gate):
        super().__init__()
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, squeezed, 1), activation(), nn.Conv2d(squeezed, channels, 1), gate()
        )

    def forward(self, x):
        return x * self.gate(x)


def inverted_residual(inputs, expanded, outputs, kernel, stride, activation, squeeze, norm=nn.BatchNorm2d, drop=0.0):
    layers = [] if expanded == inputs else conv_norm(inputs, expanded, 1, 1, activation, norm=norm)
    layers += conv_norm(expanded, expanded, kernel, stride, activation, groups=expanded, norm=norm)
    layers += [squeeze] if squeeze else []
    body = nn.Sequential(*layers, *conv_norm(expanded, outputs, 1, norm=norm))
    return Add(body, drop=drop) if stride == 1 and inputs == outputs else body


def efficientnetB0(classes):
    stages = [(1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1)]
    layers = conv_norm(3, 32, 3, 2, nn.SiLU)
    inputs, place = 32, 0
    for expansion, kernel, stride, outputs, blocks in stages:
        for block in range(blocks):
            expanded = inputs * expansion
            squeeze = Squeeze(expanded, inputs // 4, nn.SiLU, nn.Sigmoid)
            step = stride if block == 0 else 1
            layers.append(inverted_residual(inputs, expanded, outputs, kernel, step, nn.SiLU, squeeze, drop=0.2 * place / 16))
            inputs, place = outputs, place + 1
    return nn.Sequential(*layers, *conv_norm(320, 1280, 1, 1, nn.SiLU), *head(1280, classes, nn.Dropout(0.2)))


def mobilenetV3Small(classes):
    R, H = nn.ReLU, nn.Hardswish
    rows = [
        (3, 16, 16, 8, R, 2), (3, 72, 24, 0, R, 2), (3, 88, 24, 0, R, 1), (5, 96, 40, 24, H, 2), (5, 240, 40, 64, H, 1), (5, 240, 40, 64, H, 1),
        (5, 120, 48, 32, H, 1), (5, 144, 48, 40, H, 1), (5, 288, 96, 72, H, 2), (5, 576, 96, 144, H, 1), (5, 576, 96, 144, H, 1),
    ]

    def norm(channels):
        return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)

    layers = conv_norm(3, 16, 3, 2, H, norm=norm)
    inputs = 16
    for kernel, expanded, outputs, squeezed, activation, stride in rows:
        squeeze = Squeeze(expanded, squeezed, nn.ReLU, nn.Hardsigmoid) if squeezed else None
        layers.append(inverted_residual(inputs, expanded, outputs, kernel, stride, activation, squeeze, norm))
        inputs = outputs
    classifier = [nn.Linear(576, 1024), nn.Hardswish(inplace=True), nn.Dropout(0.2)]
    layers += conv_norm(96, 576, 1, 1, H, norm=norm) + [nn.AdaptiveAvgPool2d(1), nn.Flatten(), *classifier]
    return nn.Sequential(*layers, nn.Linear(1024, classes))


class ChannelNorm(nn.LayerNorm):
    """Layer norm over the channels of [N, C, H, W]."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Scale(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.gamma = nn.Parameter(torch.full((channels, 1, 1), 1e-6))

    def forward(self, x):
        return x * self.gamma


def convnextAtto(classes):
    layers = [nn.Conv2d(3, 40, 4, 4), ChannelNorm(40, eps=1e-6)]
    for stage, depth in enumerate([2, 2, 6, 2]):
        width = 40 * 2**stage
        if stage > 0:
            layers += [ChannelNorm(width // 2, eps=1e-6), nn.Conv2d(width // 2, width, 2, 2)]
        for _ in range(depth):
            depthwise = nn.Conv2d(width, width, 7, 1, 3, groups=width)
            mlp = [nn.Conv2d(width, 4 * width, 1), nn.GELU(), nn.Conv2d(4 * width, width, 1)]
            layers.append(Add(nn.Sequential(depthwise, ChannelNorm(width, eps=1e-6), *mlp, Scale(width))))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), ChannelNorm(320, eps=1e-6), nn.Flatten(), nn.Linear(320, classes))
