"""The transformers of train-step.bench.ts in PyTorch: the architectures of torchvision's VisionTransformer and SwinTransformer."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def mlp(width, hidden):
    return nn.Sequential(nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width))


class VitBlock(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=1e-6), nn.LayerNorm(width, eps=1e-6)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.mlp = mlp(width, hidden)

    def forward(self, x):
        y = self.norm1(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        return x + self.mlp(self.norm2(x))


class Vit(nn.Module):
    def __init__(self, classes, image=40, patch=4, layers=6, heads=4, width=192, hidden=384):
        super().__init__()
        self.embed = nn.Conv2d(3, width, patch, patch)
        self.token = nn.Parameter(torch.zeros(1, 1, width))
        self.positions = nn.Parameter(0.02 * torch.randn(1, (image // patch) ** 2 + 1, width))
        self.blocks = nn.Sequential(*[VitBlock(width, heads, hidden) for _ in range(layers)])
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.head = nn.Linear(width, classes)

    def forward(self, images):
        x = self.embed(images).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(len(x), -1, -1), x], 1) + self.positions
        return self.head(self.norm(self.blocks(x))[:, 0])


class WindowAttention(nn.Module):
    def __init__(self, width, heads, window, shift):
        super().__init__()
        self.heads, self.window, self.shift = heads, window, shift
        self.qkv, self.project = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.table = nn.Parameter(0.02 * torch.randn((2 * window - 1) ** 2, heads))
        at = torch.stack(torch.meshgrid(torch.arange(window), torch.arange(window), indexing="ij")).flatten(1)
        offset = at[:, :, None] - at[:, None, :] + window - 1
        self.register_buffer("index", (offset[0] * (2 * window - 1) + offset[1]).flatten())

    def mask(self, size, shift):
        section = torch.zeros(size)
        section[size - self.window:] = 1
        section[size - shift:] = 2
        section = self.cut((3 * section[:, None] + section)[None, :, :, None]).squeeze(-1)
        return torch.where(section[:, None] == section[:, :, None], 0.0, -100.0)

    def cut(self, x):
        n, size, _, width = x.shape
        side, w = size // self.window, self.window
        return x.view(n, side, w, side, w, width).transpose(2, 3).reshape(n * side * side, w * w, width)

    def forward(self, x):
        n, height, _, width = x.shape
        w = self.window
        pad = -height % w
        x = F.pad(x, (0, 0, 0, pad, 0, pad))
        size = height + pad
        shift = self.shift if size > w else 0
        if shift:
            x = torch.roll(x, (-shift, -shift), (1, 2))
        windows = self.cut(x)
        q, k, v = self.qkv(windows).view(len(windows), w * w, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-2, -1)
        scores = scores + self.table[self.index].view(w * w, w * w, -1).permute(2, 0, 1).contiguous()
        if shift:
            side = size // w
            split = scores.view(n, side * side, self.heads, w * w, w * w)
            scores = (split + self.mask(size, shift)[:, None]).view(scores.shape)
        y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(len(windows), w * w, width)
        y = self.project(y)
        y = y.view(n, size // w, size // w, w, w, width).transpose(2, 3).reshape(n, size, size, width)
        if shift:
            y = torch.roll(y, (shift, shift), (1, 2))
        return y[:, :height, :height].contiguous()


def drop_path(x, rate):
    if rate == 0:
        return x
    return x * (torch.rand(len(x), 1, 1, 1) >= rate).float().div(1 - rate)


class SwinBlock(nn.Module):
    def __init__(self, width, heads, window, shift, rate):
        super().__init__()
        self.norm1, self.norm2, self.rate = nn.LayerNorm(width), nn.LayerNorm(width), rate
        self.attention = WindowAttention(width, heads, window, shift)
        self.mlp = mlp(width, 4 * width)

    def forward(self, x):
        x = x + drop_path(self.attention(self.norm1(x)), self.rate)
        return x + drop_path(self.mlp(self.norm2(x)), self.rate)


class PatchMerging(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm, self.reduction = nn.LayerNorm(4 * width), nn.Linear(4 * width, 2 * width, bias=False)

    def forward(self, x):
        odd = x.shape[1] % 2
        x = F.pad(x, (0, 0, 0, odd, 0, odd))
        parts = [x[:, row::2, column::2] for column in (0, 1) for row in (0, 1)]
        return self.reduction(self.norm(torch.cat(parts, -1)))


class Swin(nn.Module):
    def __init__(self, classes, patch=2, width=48, depths=(2, 2, 2), heads=(3, 6, 12), window=5, stochastic_depth=0.1):
        super().__init__()
        self.embed, self.norm0 = nn.Conv2d(3, width, patch, patch), nn.LayerNorm(width)
        blocks, count = [], 0
        for stage, depth in enumerate(depths):
            if stage:
                blocks.append(PatchMerging(width))
                width *= 2
            for index in range(depth):
                rate = stochastic_depth * count / (sum(depths) - 1)
                blocks.append(SwinBlock(width, heads[stage], window, window // 2 * (index % 2), rate))
                count += 1
        self.blocks, self.norm, self.head = nn.Sequential(*blocks), nn.LayerNorm(width), nn.Linear(width, classes)

    def forward(self, images):
        x = self.norm0(self.embed(images).permute(0, 2, 3, 1))
        return self.head(self.norm(self.blocks(x)).mean((1, 2)))
